"""Official ONS projection files, as published, to the tidy tables under ``inputs/ons``.

The layout of Table 3 is that of the published 2018-based workbook; those of Table 5, Z1 and Nomis are known
from public copies and from programs that read them. A reader refuses what it does not
recognise, with the place.
"""
