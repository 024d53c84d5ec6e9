"""What bodies hold: counted, unpacked, decoded."""
