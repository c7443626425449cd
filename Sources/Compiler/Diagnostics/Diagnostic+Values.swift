import NetworkState

// What is said about single values.
extension Diagnostic {
    static func wrongType(of json: JSON, expected: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.wrongType, "this is \(kind(of: json)), but should be \(expected)", at: pointer)
    }

    static func kind(of json: JSON) -> String {
        switch json {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer: "a number"
        case .real: "a number with a fraction"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    static func badValue(_ text: String, allowed: [String], at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "\(quoted(text)) is none of the words that may stand here", at: pointer,
            help: didYouMean(text, among: allowed) ?? "write \(listed(allowed))"
        )
    }

    static func emptyList(at pointer: JSONPointer, wayOut: String) -> Diagnostic {
        Diagnostic(.badValue, "this list is empty", at: pointer, help: wayOut)
    }

    static func negativeCount(_ count: Int64, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.badValue, "there cannot be \(count) containers", at: pointer)
    }

    static func badBlockLength(_ length: Int64, of pool: IPPrefix, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "a pool of \(pool) has no blocks of /\(length)", at: pointer,
            help: "write a length from \(pool.length) to \(pool.family.width)"
        )
    }

    static func badRouteProtocol(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        let names = RouteProtocol.names.filter { $0.key > RouteProtocol.boot.rawValue }.values
        return Diagnostic(
            .badValue, "\(quoted(text)) is no routing protocol that routes can be marked with", at: pointer,
            help: didYouMean(text, among: Array(names)) ?? "write a name such as 'bird', or a number from 4 to 255"
        )
    }

    static func badPublishedPort(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "\(quoted(text)) is no port to publish", at: pointer,
            help: "the host's port, the container's, and 'udp' unless it is TCP: 8080:80, 53:5353/udp"
        )
    }

    static func badAddress(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badAddress, "\(quoted(text)) is no IP address", at: pointer,
            help: "four numbers from 0 to 255 without leading zeros, 192.168.100.1, or IPv6: fd00:100::1"
        )
    }

    static func badPrefix(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        let help = IPAddress(parsing: text).map { "add the length: \($0)/\($0.family == .v4 ? 24 : 64)" }
        return Diagnostic(
            .badPrefix, "\(quoted(text)) is no prefix", at: pointer,
            help: help ?? "an address and a length from 0 to 32, or to 128 in IPv6: 172.17.8.0/24, fd00:8::/64"
        )
    }

    static func hostBitsSet(_ prefix: IPPrefix, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .hostBitsSet, "\(prefix) is an address in a network, not a network", at: pointer,
            help: "the network is \(prefix.network)"
        )
    }

    static func badMAC(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badMAC, "\(quoted(text)) is no MAC address of a single link", at: pointer,
            help: "six two-digit hexadecimal numbers, the first of them even: 02:00:00:00:00:01"
        )
    }

    static func hostsMAC(_ mac: MACAddress, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badMAC, "\(mac) is the address of the host's end of the link", at: pointer,
            help: "leave it out, or write another: 02:00:00:00:00:01"
        )
    }

    static func mtuOutOfRange(_ mtu: Int64, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.mtuOutOfRange, "an MTU of \(mtu) is impossible", at: pointer, help: "write one from 68 to 65535")
    }
}
