"""Decisions that make_atlas.py takes by name: state names, leases, claims without a note, repairs."""

from __future__ import annotations

NOBODY = "nobody"
NO_NOTE = "Natural Earth lists this area as disputed and gives no note."

STATE_OF = {
    # entry of the country layer: the state it belongs to (field `sovereignt` of Natural Earth's 1:50m layer;
    # entries missing there by their well-known status). Everything else is its own state.
    "Akrotiri": "United Kingdom", "American Samoa": "United States", "Anguilla": "United Kingdom", "Aruba": "Netherlands",
    "Ashmore and Cartier Is.": "Australia", "Baikonur": "Kazakhstan", "Bermuda": "United Kingdom", "Br. Indian Ocean Ter.": "United Kingdom",
    "British Virgin Is.": "United Kingdom", "Cayman Is.": "United Kingdom", "Clipperton I.": "France", "Cook Is.": "New Zealand",
    "Coral Sea Is.": "Australia", "Curaçao": "Netherlands", "Dhekelia": "United Kingdom", "Faeroe Is.": "Denmark",
    "Falkland Is.": "United Kingdom", "Fr. Polynesia": "France", "Fr. S. Antarctic Lands": "France", "Gibraltar": "United Kingdom",
    "Greenland": "Denmark", "Guam": "United States", "Guernsey": "United Kingdom", "Heard I. and McDonald Is.": "Australia",
    "Hong Kong": "China", "Indian Ocean Ter.": "Australia", "Isle of Man": "United Kingdom", "Jersey": "United Kingdom",
    "Macao": "China", "Montserrat": "United Kingdom", "N. Mariana Is.": "United States", "New Caledonia": "France", "Niue": "New Zealand",
    "Norfolk Island": "Australia", "Pitcairn Is.": "United Kingdom", "Puerto Rico": "United States", "Saint Helena": "United Kingdom",
    "Sint Maarten": "Netherlands", "St-Barthélemy": "France", "St-Martin": "France", "St. Pierre and Miquelon": "France",
    "Turks and Caicos Is.": "United Kingdom", "U.S. Minor Outlying Is.": "United States", "U.S. Virgin Is.": "United States",
    "USNB Guantanamo Bay": "Cuba", "Wallis and Futuna Is.": "France", "Åland": "Finland",
}  # fmt: skip

RENAMED = {
    # name of the country layer: English short name used throughout the project
    "Antigua and Barb.": "Antigua and Barbuda", "Bosnia and Herz.": "Bosnia and Herzegovina", "Central African Rep.": "Central African Republic",
    "Dem. Rep. Congo": "Democratic Republic of the Congo", "Dominican Rep.": "Dominican Republic", "Eq. Guinea": "Equatorial Guinea",
    "Macedonia": "North Macedonia", "Marshall Is.": "Marshall Islands", "N. Cyprus": "Northern Cyprus", "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands", "St. Kitts and Nevis": "Saint Kitts and Nevis", "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "São Tomé and Principe": "São Tomé and Príncipe", "Turkey": "Türkiye", "United States of America": "United States",
    "Vatican": "Vatican City", "W. Sahara": "Western Sahara", "eSwatini": "Eswatini",
}  # fmt: skip
STATE_OF |= RENAMED

NAMES = RENAMED | {
    # entries and disputed areas whose name the layer abbreviates or repeats
    "Br. Indian Ocean Ter.": "British Indian Ocean Territory", "British Virgin Is.": "British Virgin Islands", "Faeroe Is.": "Faroe Islands",
    "Fr. Polynesia": "French Polynesia", "Fr. S. Antarctic Lands": "French Southern and Antarctic Lands", "N. Mariana Is.": "Northern Mariana Islands",
    "B09": "Azad Kashmir", "B12": "Falkland Islands", "B18": "Pinnacle Islands", "B19": "Western Sahara (west of the berm)", "B20": "Northern Cyprus",
    "B23": "Juan de Nova Island", "B24": "Glorioso Islands", "B25": "Tromelin Island", "B28": "Western Sahara (east of the berm)", "B29": "Kuril Islands",
    "B31": "Rockall", "B32": "South Georgia and the South Sandwich Islands", "B34": "Navassa Island", "B39": "Liancourt Rocks",
    "B41": "Bajo Nuevo Bank", "B43": "Cyprus United Nations buffer zone", "B46": "Spratly Islands", "B47": "Paracel Islands",
    "B66": "Matthew and Hunter Islands", "B68": "Tiran and Sanafir Islands", "B69": "British Indian Ocean Territory", "B72": "Atacama corridor",
    "B73": "Abu Musa", "B74": "Ilemi Triangle (north-west)", "B90": "Donbas",
}  # fmt: skip

NOT_ABOUT_TITLE = {
    "B10": "Korean demilitarized zone (south)",  # overlays and leases: who holds title is not in question in the note
    "B11": "Korean demilitarized zone (north)",
    "B40": "Baikonur, leased to Russia by Kazakhstan",
    "B49": "UNDOF zone",
    "B50": "Guantanamo Bay, leased to the United States by Cuba",
}
MERGED = {
    "B44": "Diego Garcia: inside the British Indian Ocean Territory, same claimants",
    "B33": "South Sandwich Islands: one entry with South Georgia, same claimants",
}
ENTRY_OF = {
    # disputed areas that the country layer draws as an entry of their own: the entry's lines are used
    "B12": "Falkland Is.", "B20": "N. Cyprus", "B28": "W. Sahara", "B30": "Somaliland", "B32": "S. Geo. and the Is.",
    "B41": "Bajo Nuevo Bank", "B42": "Serranilla Bank", "B43": "Cyprus U.N. Buffer Zone", "B45": "Siachen Glacier", "B46": "Spratly Is.",
    "B55": "Gibraltar", "B69": "Br. Indian Ocean Ter.", "B70": "Scarborough Reef",
}  # fmt: skip

KASHMIR = ("B05", "B06", "B07", "B08", "B09", "B45")
REGIONS = dict.fromkeys(KASHMIR, "Kashmir") | dict.fromkeys(("B19", "B28"), "Western Sahara") | dict.fromkeys(("B53", "B54"), "Palestine")

ADMINISTERED = {
    # where the note has no "Admin. by", from the layer's fields admin and sovereignt
    "B41": NOBODY, "B42": NOBODY, "B43": NOBODY, "B45": NOBODY, "B46": NOBODY, "B51": "Belize", "B53": "Palestine", "B54": "Palestine",
    "B60": "Spain", "B61": "Spain", "B70": NOBODY, "B74": "South Sudan", "B28": "Western Sahara",
}  # fmt: skip

ADDED: dict[str, tuple[tuple[str, ...], str]] = {
    # claimants that Natural Earth's note does not name, with the reason they stand here
    "B43": (("Cyprus", "Northern Cyprus"), "No note; named for the two entries on either side."),
    "B51": (("Guatemala",), "No note; the area is the south of Belize that the layer marks, bordering Guatemala."),
    "B53": (("Palestine", "Israel"), "No note; the layer's fields give admin Palestine, sovereignt Israel."),
    "B54": (("Palestine", "Israel"), "No note; the layer's fields give admin Palestine, sovereignt Israel."),
    "B60": (("Morocco",), "No note; named as in the notes on Spain's other places on that coast."),
    "B61": (("Morocco",), "No note; named as in the notes on Spain's other places on that coast."),
    "B70": (("China", "Philippines", "Taiwan"), "No note; named as in the note on the Spratly Islands, for the states nearest."),
    "B74": (("South Sudan", "Kenya"), "No note; named for the two states whose line it is."),
    "B90": (
        ("Russia",),
        "The note is older than Russia's claim of 2022; United Nations General Assembly resolution ES-11/4 (12 October 2022) concerns it.",
    ),
}

WHOLE_ENTRIES = [
    {
        "id": "kosovo", "name": "Kosovo", "region": None, "administered_by": "Kosovo", "claimants": ["Kosovo", "Serbia"], "others_may_claim": False,
        "note": "Entry of the country layer without an ISO code; not in the disputed layer.",
        "added": "Both named for the dispute over United Nations Security Council resolution 1244 (1999) and the declaration of 2008.",
    },
    {
        "id": "taiwan", "name": "Taiwan", "region": None, "administered_by": "Taiwan", "claimants": ["Taiwan", "China"], "others_may_claim": False,
        "note": "Self admin.; Claimed by China", "added": "The note is that of Natural Earth's 1:50m country layer; not in the disputed layer.",
    },
    {
        "id": "antarctica", "name": "Antarctica", "region": None, "administered_by": NOBODY,
        "claimants": ["Argentina", "Australia", "Chile", "France", "New Zealand", "Norway", "United Kingdom"], "others_may_claim": True,
        "note": "Multiple claims held in abeyance", "added": "The note is that of Natural Earth's 1:50m country layer; claims: Antarctic Treaty (1959), article IV.",
    },
]  # fmt: skip

SHORT = {
    "U.K.": "United Kingdom", "U.S.A.": "United States", "United States of America": "United States", "Azer.": "Azerbaijan",
    "Columbia": "Colombia", "UAE": "United Arab Emirates", "New Caledonia": "France", "American Samoa": "United States",
    "Tokelau": "New Zealand",  # a territory of New Zealand in the country layer
}  # fmt: skip

BROKEN = ("Antarctica", "Russia")
"""Entries whose rings cross the 180th meridian and were filled the wrong way round."""

FROM_LAND = {
    # boxes (west, south, east, north) in which the country layer's lines are lost for the same reason: the land layer's stand in
    "Fiji": ((176.0, -22.0, 180.0, -12.0), (-180.0, -22.0, -178.15, -15.0)),
    "Russia": ((-180.0, 64.0, -168.98, 70.0),),
}


def short(name: str) -> str:
    """The English short name for a name as the notes write it."""
    return SHORT.get(name, RENAMED.get(name, name))
