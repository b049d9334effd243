"""What do readers call the elements and units that the model names in one word?"""

from __future__ import annotations

import xarray as xr

from dudley_sd.inputs.ages import AGE_BANDS

ELEMENTS = {
    "PracticeRoutine": "practice contacts, routine",
    "PracticeSameDay": "practice contacts, same day",
    "AandE": "A&E attendances",
    "EmergencyAdmission": "emergency admissions",
    "EmergencyBedDay": "emergency bed days",
    "Elective": "elective and day cases",
    "OutpatientFirst": "outpatient appointments, first",
    "OutpatientFollowUp": "outpatient appointments, follow-up",
    "CommunityContact": "community contacts",
    "MentalHealthContact": "mental health contacts",
    "SocialCarePackage": "social care packages, place-years",
    "CareHomePlace": "care home places, place-years",
    "Well": "no long-term condition",
    "LongTerm": "one long-term condition",
    "Complex": "two or more long-term conditions",
    "MDT": "multidisciplinary teams",
    "UrgentAccess": "integrated urgent access and rapid response",
    "CareHomeSupport": "care-home support with telemedicine",
    "OutpatientRedesign": "outpatient redesign",
    "LTCFramework": "long-term conditions framework and care planning",
    "SocialPrescribing": "social prescribing",
    "PracticePharmacist": "practice pharmacists and central repeat prescribing",
    "RemoteConsultation": "remote consultation and AI triage",
    "EndOfLifeNursing": "end-of-life nursing at home",
    "VirtualWard": "virtual wards",
    "Prevention": "prevention",
    "PracticeStaff": "practice staff other than GPs",
    "CommunityStaff": "community staff",
    "MentalHealthStaff": "mental health staff",
    "AcuteStaff": "hospital staff",
    "SocialCareStaff": "social care staff",
    "VoluntaryStaff": "voluntary sector staff",
    "Commissioner": "commissioner",
    "MCP": "practices and community services, or the contract holder",
    "Hospital": "hospital trust",
    "SocialCare": "council, social care",
    "G25": "GPs under 30",
    "G65": "GPs 65 and over",
    **{f"G{age}": f"GPs {age}-{age + 4}" for age in range(30, 65, 5)},
    **{f"A{band.removesuffix('+').split('-')[0]}": f"aged {band}" for band in AGE_BANDS},
}
"""Elements of the model's subscripts in a reader's words."""

UNITS = {
    "Dmnl": "ratio",
    "Person": "people",
    "Person/Year": "people a year",
    "Activity": "contacts",
    "Activity/Year": "a year",
    "WTE": "WTE",
    "Pound": "pounds",
    "Pound/Year": "pounds a year",
    "Bed": "beds",
    "Bed/Year": "beds a year",
    "Activity/(Thousand*Year)": "per 1,000 a year",
    "WTE/Year": "WTE a year",
    "GP": "GPs, heads",
    "GP/Year": "GPs, heads a year",
    "Year": "years",
    "1/Year": "share a year",
    "WTE/TenThousand": "WTE per 10,000 patients",
}
"""Units of the model file in a reader's words; one not listed is shown as the model has it."""


def element_words(element: str) -> str:
    """Return what readers call an element; its own name where there is no other."""
    return ELEMENTS.get(element, element)


def unit_words(unit: str, *, share: bool = False) -> str:
    """Return what readers call a unit; ``share`` tells a part of a whole from other ratios."""
    return "% of whole" if share and unit == "Dmnl" else UNITS.get(unit, unit)


def year_words(results: xr.Dataset) -> list[str]:
    """Return the years as table headings, with an asterisk where the projection does not reach."""
    beyond = results["extrapolated"].to_numpy()
    return [
        f"{year}*" if starred else str(year)
        for year, starred in zip(results["year"].to_numpy(), beyond, strict=True)
    ]
