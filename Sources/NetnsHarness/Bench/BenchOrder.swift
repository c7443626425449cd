import Compiler

/// Whether the machine showed what the models lead one to expect: that each thing done to a packet costs, and that user
/// space costs most.
///
/// Of TCP throughput and round trips only: in a flood of packets a forwarder has a processor of its own, which none of
/// its rivals use.
package struct BenchOrder {
    /// Each worse than the next, with all else the same.
    private static let chains: [[NetworkModel.Profile]] = [
        [.flannelUDP, .flannelVXLAN, .flannelHostGateway], [.calicoVXLAN, .calico],
    ]

    private let report: BenchReport

    package init(_ report: BenchReport) {
        self.report = report
    }

    /// A sentence a metric.
    package var sentences: [String] { [sentence(.throughput), sentence(.roundTrip)] }

    private func sentence(_ metric: BenchMetric) -> String {
        let measured = Self.chains.map { $0.filter { report[.profile($0)] != nil } }.filter { $0.count > 1 }
        guard !measured.isEmpty else {
            return "\(metric.title): the order udp, vxlan, routed cannot be told from what was measured."
        }
        let surprises = measured.flatMap { chain in zip(chain, chain.dropFirst()) }.compactMap { worse, better in
            surprise(metric, worse, better)
        }
        let order = measured.map { $0.map(\.rawValue).joined(separator: metric.isBetterHigh ? " < " : " > ") }
        let expected = order.joined(separator: ", ")
        guard !surprises.isEmpty else { return "\(metric.title): \(expected), as expected." }
        return "\(metric.title): not as expected (\(expected)): \(surprises.joined(separator: "; "))."
    }

    /// What speaks against `worse` being the worse one, and why that may be; nil if nothing does.
    private func surprise(
        _ metric: BenchMetric, _ worse: NetworkModel.Profile, _ better: NetworkModel.Profile
    ) -> String? {
        guard let left = report[.profile(worse)]?[metric], let right = report[.profile(better)]?[metric] else {
            return nil
        }
        let ratios = left.ratios(to: right)
        if metric.isBetterHigh ? ratios.median < 1 : ratios.median > 1 { return nil }
        let medians = "\(Figure.significant(left.median)) and \(Figure.significant(right.median)) \(metric.unit)"
        return "\(worse.rawValue) has \(Figure.fixed(ratios.median, 2)) of \(better.rawValue)'s (\(medians)), "
            + reason(metric, ratios)
    }

    private func reason(_ metric: BenchMetric, _ ratios: Samples) -> String {
        if ratios.minimum < 1, ratios.maximum > 1 {
            return "but not in every round: the machine's noise is larger than the difference"
        }
        return metric == .throughput
            ? "perhaps since veth hands over segments of 64 KB, on which a header more costs little"
            : "perhaps since the machine schedules the two ends differently"
    }
}
