"""Outside services that call people: telephones, pagers."""
