import NetworkState

/// Numbers with units, as people write them.
private struct Quantity {
    let number: Double
    let unit: String

    /// Nil unless a number comes first, and is none below zero.
    init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite else { return nil }
        self.number = number
        unit = String(text.dropFirst(digits.count))
    }

    func scaled(by units: [String: Double], upTo limit: Double) -> Double? {
        guard let unit = units[unit] else { return nil }
        let value = number * unit
        return value <= limit ? value : nil
    }
}

extension Reading {
    /// Text that is a number with one of some units.
    fileprivate static func quantity(
        _ noun: String, _ units: [String: Double], upTo limit: Double, example: String,
        _ make: @escaping (Double) -> Value?
    ) -> Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let value = Quantity(text)?.scaled(by: units, upTo: limit), let made = make(value) else {
                diagnostics.report(.badQuantity(text, noun, example: example, at: pointer))
                return nil
            }
            return made
        }
    }
}

extension Reading<Duration> {
    /// `500ms`, `2s`, `1m`: up to an hour.
    static var duration: Reading {
        quantity("length of time", ["ms": 1, "s": 1000, "m": 60_000], upTo: 3_600_000, example: "500ms, 2s or 1m") {
            .milliseconds(Int64($0))
        }
    }
}

extension Reading<Int> {
    /// In bytes: `50MB`, `1GB`.
    static var size: Reading {
        quantity("size", ["B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9], upTo: 1e11, example: "500kB, 50MB or 1GB") {
            $0 >= 1 ? Int($0) : nil
        }
    }
}

extension Reading<UInt64> {
    /// In bits a second, as tc(8) has it: `10Mbit`.
    static var rate: Reading {
        quantity(
            "rate", ["bit": 1, "kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9], upTo: 1e12, example: "500kbit, 10Mbit or 1Gbit"
        ) {
            $0 >= 1 ? UInt64($0) : nil
        }
    }
}

extension Reading<Double> {
    /// A part of all, from 0 to 1: `5%`.
    static var share: Reading {
        quantity("share", ["%": 0.01], upTo: 1, example: "0.5% or 20%") { $0 }
    }
}

extension Reading<UInt16> {
    static var port: Reading {
        Reading { json, pointer, diagnostics in
            guard let number = Reading<Int64>.integer.read(json, pointer, &diagnostics) else { return nil }
            guard (1...65535).contains(number) else {
                diagnostics.report(.badPort(number, at: pointer))
                return nil
            }
            return UInt16(number)
        }
    }
}
