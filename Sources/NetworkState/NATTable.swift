/// An nftables table of address translation: `nft list table inet NAME`, replaced as a whole and in one transaction.
///
/// It is what the kernel lists, word for word, whoever made it: so one that was tampered with is a value too, differs
/// from what is declared, and can be put back.
package struct NATTable: Entry {
    package let name: String
    /// As `nft -s -y list table inet NAME` prints it: without counters, and with priorities as numbers, the words for
    /// which differ from version to version.
    package let text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The name of the one table that a topology has on each host: the mark by which it is known when the ledger is
    /// lost.
    package static func name(ofTopology topology: String) -> String { "weft-\(topology)" }

    /// Stands for the table of that name, whatever is in it, for those who want to know of it if it can be looked at.
    package static func any(named name: String) -> NATTable { NATTable(name: name, text: "") }

    /// Whether it stands for any table of its name.
    package var isAny: Bool { text.isEmpty }

    package var identity: String { name }

    /// What nft lists it by.
    package var listing: String { "list table inet \(name)" }

    /// What puts it in the place of whatever has its name, in one transaction. The first line lets the second succeed
    /// where nothing is there.
    package var replacement: String { "table inet \(name)\ndelete table inet \(name)\n\(text)" }

    /// What removes it, also where it is gone already.
    package var removal: String { "table inet \(name)\ndelete table inet \(name)\n" }

    /// ``replacement`` in a line: what a newline ends there, a semicolon does here.
    package var replacementLine: String {
        replacement.split(separator: "\n").map(trimmed).filter { !$0.isEmpty }.reduce(into: "") { line, part in
            let isContinued = line.isEmpty || line.hasSuffix("{") || line.hasSuffix(",") || line.hasSuffix(";")
            line += isContinued ? (line.isEmpty ? "" : " ") + part : "; " + part
        }
    }

    /// Its rules, and whatever else in it is not the frame that ``NATRules`` puts around them.
    package var attributes: [Attribute] {
        text.split(separator: "\n").map(trimmed)
            .filter { !$0.isEmpty && $0 != "}" && !$0.hasPrefix("table ") && !NATRules.frame.contains($0) }
            .map { Attribute(flag: $0) }
    }

    package var jsonMembers: KeyValuePairs<String, JSON?> { ["name": .string(name), "text": .string(text)] }

    package init?(json: JSON) {
        guard let name = json["name"]?.string, let text = json["text"]?.string else { return nil }
        self.init(name: name, text: text)
    }

    private func trimmed(_ line: Substring) -> String {
        String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension NATTable {
    /// The tables of `nft -s -y list ruleset`, each by its name, and with its family unless that is `inet`.
    package static func tables(in ruleset: String) -> [NATTable] {
        var tables: [NATTable] = []
        var lines: [Substring] = []
        for line in ruleset.split(separator: "\n") {
            if line.hasPrefix("table ") { lines = [] }
            lines.append(line)
            guard line == "}", let words = lines.first?.split(separator: " "), words.count == 4 else { continue }
            let name = words[1] == "inet" ? String(words[2]) : "\(words[1]) \(words[2])"
            tables.append(NATTable(name: name, text: lines.map { $0 + "\n" }.joined()))
        }
        return tables
    }
}
