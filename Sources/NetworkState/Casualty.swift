/// What a kernel takes away by itself when something goes that it rests on.
package struct Casualty: Hashable, Sendable {
    package let netns: Netns
    /// As it is before.
    package let resource: Resource
    /// Whether neither weft nor the kernel by itself has made it.
    package let isForeign: Bool
    /// Whether it stays, and loses just its bridge.
    package let isReleased: Bool

    package init(_ resource: Resource, in netns: Netns, isForeign: Bool = false, isReleased: Bool = false) {
        self.netns = netns
        self.resource = resource
        self.isForeign = isForeign
        self.isReleased = isReleased
    }

    package var place: ResourcePlace { ResourcePlace(resource.identity, in: netns) }

    package func json(on host: String) -> JSON {
        .members([
            "kind": .string(resource.identity.kind),
            "name": .string(place.name(on: host)),
            "netns": netns.name.map(JSON.string),
            "is": resource.json,
            "foreign": isForeign ? true : nil,
            "released": isReleased ? true : nil,
        ])
    }

    /// Nil if `json` is not what ``json(on:)`` writes.
    package init?(json: JSON) {
        guard let kind = json["kind"]?.string, let resource = json["is"].flatMap({ Resource(kind: kind, json: $0) })
        else { return nil }
        self.init(
            resource, in: json["netns"]?.string.map(Netns.named) ?? .own, isForeign: json["foreign"]?.bool ?? false,
            isReleased: json["released"]?.bool ?? false)
    }
}

extension Sequence<Casualty> {
    /// `takes 12 fdb, 3 routes with it, 1 of them foreign; frees 2 ports`, or nothing where there are none.
    package var words: String? {
        let (freed, taken) = (filter(\.isReleased).count, filter { !$0.isReleased })
        let kinds = Dictionary(grouping: taken.map(\.resource.identity), by: \.kind).values.sorted { $0[0] < $1[0] }
        let counts = kinds.map { counted($0.count, $0[0].kind) }.joined(separator: ", ")
        let foreign = taken.filter(\.isForeign).count
        let ofThem = foreign == 0 ? "" : ", \(grouped(foreign)) of them foreign"
        let parts = [
            counts.isEmpty ? nil : "takes \(counts) with it\(ofThem)",
            freed == 0 ? nil : "frees \(counted(freed, "port"))",
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}

/// `1 route`, `12 fdb`, `2 addresses`
private func counted(_ count: Int, _ noun: String) -> String {
    let ending = count == 1 || noun == "fdb" || noun == "netns" ? "" : noun.hasSuffix("s") ? "es" : "s"
    return "\(grouped(count)) \(noun)\(ending)"
}
