extension JSON {
    /// Canonical text: members sorted by key, two spaces of indent, a final newline. Equal values give equal bytes.
    package var text: String {
        var writer = JSONWriter(isIndented: true)
        writer.write(self)
        return writer.text + "\n"
    }

    /// Canonical text on one line.
    package var line: String {
        var writer = JSONWriter(isIndented: false)
        writer.write(self)
        return writer.text
    }
}
