"""The links of a post to music, each found once and classified."""
