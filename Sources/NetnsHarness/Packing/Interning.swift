/// Values that many things have in common, each kept once and known by a number.
struct Interning<Value: Hashable & Sendable>: Sendable {
    private var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]
    /// The one that was asked for last: things that follow each other commonly have it in common.
    private var last: UInt32 = 0

    subscript(number: UInt32) -> Value { values[Int(number)] }

    func known(_ value: Value) -> UInt32? { numbers[value] }

    mutating func number(of value: Value) -> UInt32 {
        if Int(last) < values.count, values[Int(last)] == value { return last }
        if let number = numbers[value] {
            last = number
        } else {
            last = UInt32(values.count)
            values.append(value)
            numbers[value] = last
        }
        return last
    }
}
