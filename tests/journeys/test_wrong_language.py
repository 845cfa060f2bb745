"""The check must be able to fail: it finds the French paragraph that stood on an English page of the program."""

from spheres_core.foundation.languages.text_checks import language_of, mislabelled_texts

FRENCH_PARAGRAPH = (
    "Nos intervenant·es ont pour objectif d'amener les jeunes du programme à se découvrir, augmenter leur estime de "
    "soi et se projeter vers l'avenir par le biais de différentes activités."
)


def test_a_french_paragraph_on_an_english_page_is_found() -> None:
    assert mislabelled_texts(
        [("en-CA", FRENCH_PARAGRAPH), ("en-CA", "Services for youth, at their own pace and with you.")]
    ) == [("en-CA", FRENCH_PARAGRAPH)]


def test_a_passage_marked_with_its_own_language_is_not_found() -> None:
    assert mislabelled_texts([("fr-CA", FRENCH_PARAGRAPH)]) == []


def test_names_and_short_labels_say_nothing() -> None:
    assert [language_of(text) for text in ("Les Survivantes", "Services", "En Marge 12-17", "Partners")] == [None] * 4
