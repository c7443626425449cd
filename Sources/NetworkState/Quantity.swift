/// A kind of number that people write with a unit: `500ms`, `10Mbit`, `5%`. Topologies and options speak alike.
package struct Quantity<Value: Sendable>: Sendable {
    /// What it is, for whoever has written something else.
    package let noun: String
    package let example: String
    /// What one of each unit comes to.
    private let units: [String: Double]
    private let ignoresCase: Bool
    private let limit: Double
    private let make: @Sendable (Double) -> Value?

    private init(
        _ noun: String, _ units: [String: Double], upTo limit: Double, example: String, ignoresCase: Bool = false,
        _ make: @escaping @Sendable (Double) -> Value?
    ) {
        (self.noun, self.example, self.units, self.limit) = (noun, example, units, limit)
        (self.ignoresCase, self.make) = (ignoresCase, make)
    }

    /// Nil unless `text` is a number that is not below zero, and right behind it a unit.
    package func parse(_ text: String) -> Value? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(digits.count)
        guard let number = Double(digits), let factor = units[ignoresCase ? unit.lowercased() : String(unit)],
            number * factor <= limit
        else { return nil }
        return make(number * factor)
    }
}

extension Quantity<Duration> {
    /// In microseconds. The words are those of ``Duration/quantity``.
    private static var units: [String: Double] { ["ms": 1e3, "s": 1e6, "m": 60e6, "h": 3600e6] }

    /// `500ms`, `2s`, `1m`, `1h`
    package static func duration(upTo limit: Duration) -> Quantity {
        Quantity("length of time", units, upTo: Double(limit.microseconds), example: "500ms, 2s or 1m") {
            .microseconds(Int64($0.rounded()))
        }
    }
}

extension Quantity<Int> {
    /// In bytes: `50MB`, `1GB`.
    package static var size: Quantity {
        Quantity("size", ["B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9], upTo: 1e11, example: "500kB, 50MB or 1GB") {
            $0 >= 1 ? Int($0) : nil
        }
    }
}

extension Quantity<UInt64> {
    /// In bits a second, as tc(8) has it, with no regard to case: `10Mbit`.
    package static var rate: Quantity {
        let units = ["bit": 1, "kbit": 1e3, "mbit": 1e6, "gbit": 1e9]
        // The kernel counts whole bytes.
        return Quantity("rate", units, upTo: 1e12, example: "500kbit, 10Mbit or 1Gbit", ignoresCase: true) {
            $0 >= 8 ? UInt64($0) : nil
        }
    }
}

extension Quantity<Double> {
    /// A part of all, from 0 to 1: `5%`.
    package static var share: Quantity {
        Quantity("share", ["%": 0.01], upTo: 1, example: "0.5% or 20%") { $0 }
    }
}

extension Duration {
    /// Whole ones; what is less is left out.
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// As ``Quantity`` reads it, in the largest unit that has no remainder: `90m`, `1500ms`, `0.5ms`.
    package var quantity: String {
        let total = microseconds
        if total == 0 { return "0s" }
        let units: [(word: String, size: Int64)] = [
            ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000),
        ]
        guard let unit = units.first(where: { total % $0.size == 0 }) else { return "\(Double(total) / 1000)ms" }
        return "\(total / unit.size)\(unit.word)"
    }
}
