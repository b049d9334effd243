"""Which services and interventions the input tables speak of, in the order of the model file."""

from __future__ import annotations

from typing import Final

SERVICES: Final = (
    "PracticeRoutine",
    "PracticeSameDay",
    "AandE",
    "EmergencyAdmission",
    "EmergencyBedDay",
    "Elective",
    "OutpatientFirst",
    "OutpatientFollowUp",
    "CommunityContact",
    "MentalHealthContact",
    "SocialCarePackage",
    "CareHomePlace",
)
"""What people use; `dudley-sd check` compares this with the range Service of the model file."""

PRACTICE_SERVICES: Final = ("PracticeRoutine", "PracticeSameDay")
"""Services given to patients on the practice list rather than to residents."""

INTERVENTIONS: Final = (
    "MDT",
    "UrgentAccess",
    "CareHomeSupport",
    "OutpatientRedesign",
    "LTCFramework",
    "SocialPrescribing",
    "PracticePharmacist",
    "RemoteConsultation",
    "EndOfLifeNursing",
    "VirtualWard",
    "Prevention",
)
"""The left-shift portfolio; compared with the range Intervention of the model file."""

STATUSES: Final = ("published", "derived", "judgement", "assumption")
"""How a number is known, from the firmest to the loosest."""
