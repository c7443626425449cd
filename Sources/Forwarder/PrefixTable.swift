import NetworkState

/// Values by prefix, found by longest match.
///
/// A dictionary for each prefix length that occurs, the longest first: a network has few lengths, and a look-up
/// allocates nothing.
struct PrefixTable<Value: Sendable>: Sendable {
    private struct Level: Sendable {
        let length: Int
        var values: [UInt128: Value] = [:]

        /// The bits of an address that networks of this length differ in.
        func key(_ address: IPAddress) -> UInt128 {
            let hostBits = address.family.width - length
            return hostBits == 128 ? 0 : address.bits >> UInt128(hostBits)
        }
    }

    private var v4: [Level] = []
    private var v6: [Level] = []

    /// Of prefixes that are the same, the last one counts.
    mutating func insert(_ prefix: IPPrefix, _ value: Value) {
        switch prefix.family {
        case .v4: Self.insert(prefix, value, into: &v4)
        case .v6: Self.insert(prefix, value, into: &v6)
        }
    }

    private static func insert(_ prefix: IPPrefix, _ value: Value, into levels: inout [Level]) {
        let index = levels.firstIndex { $0.length <= prefix.length } ?? levels.endIndex
        if index == levels.endIndex || levels[index].length != prefix.length {
            levels.insert(Level(length: prefix.length), at: index)
        }
        levels[index].values[levels[index].key(prefix.address)] = value
    }

    /// The value of the longest prefix that holds `address`.
    subscript(address: IPAddress) -> Value? {
        switch address.family {
        case .v4: Self.find(address, in: v4)
        case .v6: Self.find(address, in: v6)
        }
    }

    private static func find(_ address: IPAddress, in levels: [Level]) -> Value? {
        for level in levels {
            if let value = level.values[level.key(address)] { return value }
        }
        return nil
    }
}
