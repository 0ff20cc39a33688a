"""An agreement in the formats of other houses, out and in. Knows no verdict and asks no evidence.

Read `node.py` (elements, and XML written), `xml.py` (XML read, hostile until parsed), `names.py` (the elements of Akoma Ntoso),
`prose.py` (words with emphasis and links, Markdown to elements and back), `akn_read.py`, `akn_write.py`, `akn_meta.py`.
A further format is a further pair of files here, and a word more for `--format`.
"""

from detente.interchange.akn_meta import Published as Published
from detente.interchange.akn_read import from_akoma_ntoso as from_akoma_ntoso
from detente.interchange.akn_write import to_akoma_ntoso as to_akoma_ntoso
