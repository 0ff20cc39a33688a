"""The examples, each judged whole: its verdicts, its cases, and the Parties exchanged."""
