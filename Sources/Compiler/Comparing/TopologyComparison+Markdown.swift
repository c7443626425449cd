import NetworkState

extension TopologyComparison {
    /// How many rows of pairs can be read.
    private static let rowLimit = 60
    /// GitHub takes 65,536 characters in a comment.
    private static let limit = 60_000

    /// For a comment on a pull request: the sum first, then what it is made of, each host's plan folded away.
    package var markdown: String {
        let parts =
            ["### weft diff\n", "`\(old)` → `\(new)`\n", "**\(summary)**\n"]
            + [wholeTable, pairTable].compactMap(\.self)
        var text = parts.joined(separator: "\n")
        for (index, host) in hosts.enumerated() {
            let details = "\n" + host.details
            guard text.utf8.count + details.utf8.count <= Self.limit else {
                return text + "\n… and \(counted(hosts.count - index, "more host")): weft diff shows them all\n"
            }
            text += details
        }
        return text
    }

    private var wholeTable: String? {
        let rows =
            settings.map { ["`~` \($0.name)", code($0.before), code($0.after)] }
            + arrivals.map {
                $0.isNew ? ["`+` \($0.kind.rawValue)", "", $0.cell] : ["`-` \($0.kind.rawValue)", $0.cell, ""]
            }
        return rows.isEmpty ? nil : table([["topology", "before", "after"]] + rows)
    }

    private var pairTable: String? {
        if pairs.isEmpty { return nil }
        let rows = pairs.prefix(Self.rowLimit).map { pair in
            [
                "`\(pair.kind.symbol)` \(shortList(pair.from)) → \(shortList(pair.to))", grouped(pair.count),
                code(pair.text(of: pair.before)), code(pair.text(of: pair.after)),
            ]
        }
        return table([["from → to", "pairs", "before", "after"]] + rows)
            + rest(of: pairs.dropFirst(Self.rowLimit)).map { "\n\($0)\n" }.joined()
    }

    private func table(_ rows: [[String]]) -> String {
        let lines = rows.map { "| \($0.joined(separator: " | ")) |" }
        let rule = "|" + String(repeating: "---|", count: rows.first?.count ?? 0)
        return (lines.prefix(1) + [rule] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }

    private func code(_ text: String) -> String { text.isEmpty ? "" : "`\(text)`" }
}

extension TopologyComparison.Arrival {
    fileprivate var cell: String { shortList(names) + (host.map { " on \($0)" } ?? "") }
}

extension TopologyComparison.HostChange {
    /// The words of `weft plan`, as they are: a table would break its columns.
    fileprivate var details: String {
        let lines = PlanText(plan, isVerbose: true).text.split(separator: "\n").dropFirst()
        let limit = 200
        let shown = lines.prefix(limit)
        let rest = lines.count > limit ? ["… and \(grouped(lines.count - limit)) more lines\n"] : []
        let body = shown.map { $0 + "\n" } + rest
        let verb = kind == .changes ? "" : " \(kind.rawValue)"
        return """
            <details><summary>host \(plan.host)\(verb): \(plan.summary.dropFirst("Plan: ".count))</summary>

            ```
            \(body.joined())```

            </details>

            """
    }
}
