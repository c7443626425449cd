/// Routes are written member by member: a list of members and a string for each would take most of the time in which a ledger
/// of a hundred thousand is written.
extension JSONWriter {
    /// As ``Resource/json`` says it.
    mutating func write(_ resource: Resource) {
        if isInline, case .route(let route) = resource, route.otherNextHops.isEmpty {
            writeMembers(of: route)
        } else {
            object(resource.jsonMembers)
        }
    }

    /// In the order of their keys.
    private mutating func writeMembers(of route: Route) {
        append(UInt8(ascii: "{"))
        if let device = route.nextHop.device {
            begin("dev")
            quote(device.text)
        }
        begin("dst")
        quote(route.destination)
        if route.metric != route.defaultMetric { write("metric", route.metric) }
        if let mtu = route.mtu { write("mtu", mtu) }
        if route.nextHop.isOnLink { write("onlink") }
        begin("proto")
        quote(route.protocol.description)
        if route.scope != .global {
            begin("scope")
            quote(route.scope.description)
        }
        if let source = route.preferredSource { write("src", source) }
        if route.table != Route.mainTable { write("table", route.table) }
        if route.isToldInPart { write("toldInPart") }
        if route.tos != 0 { write("tos", UInt32(route.tos)) }
        if route.kind != .unicast {
            begin("type")
            quote(route.kind.word)
        }
        if let gateway = route.nextHop.gateway { write("via", gateway) }
        append(UInt8(ascii: "}"))
    }

    private mutating func begin(_ key: String) {
        if bytes.last != UInt8(ascii: "{") { append(UInt8(ascii: ",")) }
        append(UInt8(ascii: "\""))
        append(key)
        append(UInt8(ascii: "\""))
        append(UInt8(ascii: ":"))
    }

    private mutating func write(_ key: String) {
        begin(key)
        append("true")
    }

    private mutating func write(_ key: String, _ number: UInt32) {
        begin(key)
        append(String(number))
    }

    private mutating func write(_ key: String, _ address: IPAddress) {
        begin(key)
        append(UInt8(ascii: "\""))
        append(address)
        append(UInt8(ascii: "\""))
    }

    private mutating func quote(_ prefix: IPPrefix) {
        append(UInt8(ascii: "\""))
        append(prefix.address)
        append(UInt8(ascii: "/"))
        append(decimal: UInt8(prefix.length))
        append(UInt8(ascii: "\""))
    }

    private mutating func append(_ address: IPAddress) {
        guard address.family == .v4 else { return append(address.description) }
        for shift in stride(from: 24, through: 0, by: -8) {
            append(decimal: UInt8(truncatingIfNeeded: address.low >> shift))
            if shift > 0 { append(UInt8(ascii: ".")) }
        }
    }

    private mutating func append(decimal number: UInt8) {
        if number >= 100 { append(UInt8(ascii: "0") + number / 100) }
        if number >= 10 { append(UInt8(ascii: "0") + number / 10 % 10) }
        append(UInt8(ascii: "0") + number % 10)
    }
}
