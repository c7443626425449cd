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
        append("{")
        if let device = route.nextHop.device {
            append("\"dev\":")
            quote(device.text)
            append(",")
        }
        append("\"dst\":\"")
        append(route.destination.address)
        append("/")
        append(decimal: UInt8(route.destination.length))
        append("\"")
        if route.metric != route.defaultMetric { append(",\"metric\":\(route.metric)") }
        if let mtu = route.mtu { append(",\"mtu\":\(mtu)") }
        if let id = route.form.object { append(",\"nhid\":\(id)") }
        if route.nextHop.isOnLink { append(",\"onlink\":true") }
        append(",\"proto\":")
        quote(route.protocol.description)
        writeRareMembers(of: route)
        if let gateway = route.nextHop.gateway {
            append(",\"via\":\"")
            append(gateway)
            append("\"")
        }
        append("}")
    }

    /// Those between `proto` and `via`.
    private mutating func writeRareMembers(of route: Route) {
        if route.scope != .global {
            append(",\"scope\":")
            quote(route.scope.description)
        }
        if let source = route.preferredSource { append(",\"src\":\"\(source)\"") }
        if route.table != Route.mainTable { append(",\"table\":\(route.table)") }
        if route.isToldInPart { append(",\"toldInPart\":true") }
        if route.tos != 0 { append(",\"tos\":\(route.tos)") }
        if route.kind != .unicast {
            append(",\"type\":")
            quote(route.kind.word)
        }
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
