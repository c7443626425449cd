/// What packets suffer on a wire, each way: what `netem` of tc-netem(8) does at either end.
package struct Impairment: Hashable, Sendable {
    /// The part of all packets that is lost, from 0 to 1.
    package var loss: Double
    /// In bits a second; nil for no bound.
    package var rate: UInt64?
    /// Of each packet; nil for none.
    package var delay: Duration?

    package init(loss: Double = 0, rate: UInt64? = nil, delay: Duration? = nil) {
        self.loss = loss
        self.rate = rate
        self.delay = delay.flatMap { $0 > .zero ? $0 : nil }
    }

    package var isNone: Bool { loss <= 0 && rate == nil && delay == nil }

    /// `delay 20ms loss 5% rate 10Mbit`, what stands behind `netem`.
    package var text: String {
        let words = [
            delay.map { "delay \($0.quantity)" }, loss > 0 ? "loss \(Self.percent(loss))" : nil,
            rate.map { "rate \(Self.bits($0))" },
        ]
        return words.compactMap(\.self).joined(separator: " ")
    }

    package var json: JSON {
        .members([
            "loss": loss > 0 ? .string(Self.percent(loss)) : nil,
            "rate": rate.map { .string(Self.bits($0)) },
            "delay": delay.map { .string($0.quantity) },
        ])
    }

    /// To a thousandth of a percent: the kernel keeps it as a fraction that is never quite what was written.
    private static func percent(_ share: Double) -> String { "\(number((share * 100_000).rounded() / 1000))%" }

    /// In the largest unit that has no remainder: `10Mbit`.
    private static func bits(_ rate: UInt64) -> String {
        let units: [(word: String, size: UInt64)] = [("Gbit", 1_000_000_000), ("Mbit", 1_000_000), ("kbit", 1000)]
        guard let unit = units.first(where: { rate % $0.size == 0 }) else { return "\(rate)bit" }
        return "\(rate / unit.size)\(unit.word)"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
}
