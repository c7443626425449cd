package import NetworkState

extension BenchReport {
    /// The result of `weft bench models`, which other programs rely on: extend it, but keep what is there.
    package var json: JSON {
        .object([
            "baseline": .string(BenchSubject.baseline.name),
            "machine": .string(machine),
            "rounds": .integer(Int64(bench.rounds)),
            "models": .array(rows.map(json)),
            "order": .array(BenchOrder(self).sentences.map { .string($0) }),
            "remarks": .array(remarks.map { .string($0) }),
        ])
    }

    private func json(of row: Row) -> JSON {
        switch row.result {
        case .measured(let figures):
            let metrics = BenchMetric.allCases.map { metric in
                (metric.rawValue, json(of: figures[metric], metric, ratio: ratio(of: row.subject, metric)))
            }
            return .members([
                "name": .string(row.subject.name),
                "note": row.subject.note.map { .string($0) },
                "metrics": .object(Dictionary(uniqueKeysWithValues: metrics)),
            ])
        case .unavailable(let reason):
            return .object(["name": .string(row.subject.name), "unavailable": .string(reason)])
        }
    }

    private func json(of samples: Samples, _ metric: BenchMetric, ratio: Double?) -> JSON {
        .members([
            "unit": .string(metric.unit),
            "median": .real(samples.median),
            "minimum": .real(samples.minimum),
            "maximum": .real(samples.maximum),
            "rounds": .array(samples.values.map { .real($0) }),
            "ratio": ratio.map { .real($0) },
        ])
    }
}
