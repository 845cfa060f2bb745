"""Forms for other tools: FHIR Questionnaire, XLSForm and XForm XML. What a format cannot say is a finding."""
