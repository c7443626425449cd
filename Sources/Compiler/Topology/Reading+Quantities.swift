import NetworkState

extension Reading where Value: Sendable {
    /// Text that is a number with one of some units.
    fileprivate static func quantity(_ quantity: Quantity<Value>) -> Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let value = quantity.parse(text) else {
                diagnostics.report(.badQuantity(text, quantity.noun, example: quantity.example, at: pointer))
                return nil
            }
            return value
        }
    }
}

extension Reading<Duration> {
    /// Up to an hour.
    static var duration: Reading { quantity(.duration(upTo: .seconds(3600))) }
}

extension Reading<Int> {
    static var size: Reading { quantity(.size) }
}

extension Reading<UInt64> {
    static var rate: Reading { quantity(.rate) }
}

extension Reading<Double> {
    static var share: Reading { quantity(.share) }
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
