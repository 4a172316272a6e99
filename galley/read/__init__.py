"""Read sources into values: work trees and git revisions, YAML, prose."""
