"""Which kinds of test are there, and what does each ask?"""

from __future__ import annotations

PUBLISHED = "Published numbers"
BACK_TEST = "Back-test"
BOUNDARY = "Boundary"
DIMENSIONS = "Dimensional consistency"
PARAMETERS = "Parameters"
EXTREMES = "Extreme conditions"
INTEGRATION = "Integration error"
LOOPS = "Behaviour anomaly"
FAMILY = "Family member"
SENSITIVITY = "Sensitivity"
SURPRISES = "Surprise behaviour"

KINDS = {
    PUBLISHED: "Does the model give the numbers that others printed and that its specification asks for?",
    BACK_TEST: "How far was the projection under it from what ONS has estimated since?",
    BOUNDARY: "What does the model explain, what is it given, and what does it leave out?",
    DIMENSIONS: "Do units balance in every equation?",
    PARAMETERS: "How is each number known?",
    EXTREMES: "Does it stay finite, ordered and sensible when pushed to its limits?",
    INTEGRATION: "Does a shorter step change the answer?",
    LOOPS: "Does it go wrong as expected when a loop is cut?",
    FAMILY: "Does the same model make sense for other areas?",
    SENSITIVITY: "Which numbers decide the answers?",
    SURPRISES: "What did the model do that its makers had not expected?",
}
"""Tests of the field (Forrester and Senge 1980; Barlas 1996; Sterman 2000, chapter 21), in reading order."""
