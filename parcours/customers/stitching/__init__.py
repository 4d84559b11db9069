"""Who is one: identities, what joins them, and taking it back."""
