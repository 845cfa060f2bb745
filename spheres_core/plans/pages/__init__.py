"""Pages of plans: her needs, strengths and goals, where she stands, and services that partners are asked for."""
