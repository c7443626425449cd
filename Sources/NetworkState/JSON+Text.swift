extension JSON {
    /// Canonical text: members sorted by key, two spaces of indent, a final newline. Equal values give equal bytes.
    package var text: String {
        var writer = JSONWriter(.indented)
        writer.write(self)
        return writer.text + "\n"
    }

    /// Canonical text on one line.
    package var line: String {
        var writer = JSONWriter(.line)
        writer.write(self)
        return writer.text
    }
}
