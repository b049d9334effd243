"""Official ONS projection files, as published, to the tidy tables under ``inputs/ons``.

The layouts are known from programs that read the published files; the 2018-based figures for health areas
were at hand, the original workbooks were not. What a reader does not recognise it refuses, with the place.
"""
