extension BenchReport {
    /// For a terminal.
    package var text: String {
        var table = TextTable()
        table.append(headings)
        for row in rows where row.figures != nil { table.append(cells(of: row)) }
        let notes = rows.compactMap { row in row.note.map { "\(row.subject.name): \($0)\n" } }.joined()
        return [table.text, notes, lines(BenchOrder(self).sentences), lines(remarks)].filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    private func lines(_ sentences: [String]) -> String { sentences.map { $0 + "\n" }.joined() }

    /// For a document.
    package var markdown: String {
        let body = rows.map { row in
            let cells = row.figures == nil ? [row.subject.name] + headings.dropFirst().map { _ in "–" } : cells(of: row)
            return cells + [row.note ?? ""]
        }
        let head = headings + ["note"]
        let table = ([head, head.map { _ in "---" }] + body).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
        return table + "\n" + (BenchOrder(self).sentences + remarks).map { "* \($0)\n" }.joined()
    }

    private var headings: [String] {
        ["model"] + BenchMetric.allCases.flatMap { [$0.shortTitle, "ratio"] }
    }

    private func cells(of row: Row) -> [String] {
        [row.subject.name]
            + BenchMetric.allCases.flatMap { metric -> [String] in
                guard let samples = row.figures?[metric], !samples.values.isEmpty else { return ["", ""] }
                let ratio = ratio(of: row.subject, metric).map { Figure.fixed($0, 2) } ?? "–"
                return ["\(Figure.significant(samples.median)) \(Figure.spread(samples.spread))", ratio]
            }
    }
}

extension BenchReport.Row {
    /// Why there are no figures, or what to know about them.
    fileprivate var note: String? {
        switch result {
        case .measured: subject.note
        case .unavailable(let reason): reason
        }
    }
}
