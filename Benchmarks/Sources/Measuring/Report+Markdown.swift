extension Report {
    /// What stands in a document: of each benchmark a picture, a table, and what was to be reached.
    ///
    /// - `picture`: where the picture of a benchmark is, from the document; nil for none.
    package func markdown(picture: (Benchmark) -> String?) -> String {
        let head = """
            \(machine.processor), \(machine.cores) cores, Linux \(machine.kernel), commit \(machine.commit). Medians of \
            \(rounds) rounds in which all have their turns; ± is half the range. What stands in brackets is how many times the \
            first column's time that is, the median of the rounds' own ratios.
            """
        return ([head] + outcomes.map { $0.markdown(picture: picture($0.benchmark)) }).joined(separator: "\n\n") + "\n"
    }
}

extension Outcome {
    fileprivate func markdown(picture: String?) -> String {
        let image = picture.map { "![\(benchmark.heading), by \(benchmark.unit)](\($0))" }
        let notes = (targetNotes + growthNotes + omissions.map { "Left out: \($0.contestant), \($0.reason)." })
            .map { "* \($0)" }.joined(separator: "\n")
        return
            (["### \(benchmark.heading)", benchmark.about] + [image].compactMap(\.self) + [table]
            + (notes.isEmpty ? [] : [notes])).joined(separator: "\n\n")
    }

    /// With what no contestant has been measured at left out.
    private var table: String {
        let columns = benchmark.contestants.map(\.name).filter { name in
            benchmark.phases.contains { phase in sizes.contains { seconds(phase.name, at: $0, of: name) != nil } }
        }
        let rows = benchmark.phases.flatMap { phase in
            sizes.map { size in
                [phase.heading, counted(size)] + columns.map { cell(phase.name, size, $0) }
            }
        }
        let head = ["", benchmark.unit] + columns
        let rule = head.indices.map { $0 == 0 ? "---" : "---:" }
        return ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private func cell(_ phase: String, _ size: Int, _ contestant: String) -> String {
        guard let figure = seconds(phase, at: size, of: contestant) else { return "–" }
        let time = "\(duration(figure.median)) ±\(Int((figure.spread * 100).rounded()))%"
        guard let standard = standard(phase, at: size), standard != contestant,
            let ratio = self.ratio(phase, at: size, of: contestant, over: standard)
        else { return time }
        return "\(time) (\(short(ratio.median)))"
    }

    private var targetNotes: [String] {
        benchmark.phases.flatMap { phase in
            phase.targets.compactMap { target in
                verdict(on: target, of: phase.name).map {
                    "\(phase.heading), \($0.text(unit: benchmark.unit))."
                }
            }
        }
    }

    private var growthNotes: [String] {
        let lines = benchmark.phases.compactMap { phase -> String? in
            let words = benchmark.contestants.compactMap { contestant in
                growth(phase.name, of: contestant.name).map { "\(contestant.name) \(short($0))" }
            }
            return words.isEmpty ? nil : "\(phase.heading): \(words.joined(separator: ", "))"
        }
        return lines.isEmpty
            ? []
            : [
                "Growth as a power of \(benchmark.unit), from the second largest size to the largest: "
                    + lines.joined(separator: "; ") + "."
            ]
    }
}
