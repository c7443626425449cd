extension Route {
    package var attributes: [Attribute] {
        let kindWord = kind == .unicast ? [] : [Attribute(flag: kind.word)]
        return kindWord + otherNextHops.flatMap { [Attribute(flag: "nexthop")] + $0.attributes } + wayAttributes
    }

    /// In the order in which the lecture's `ip route` prints them.
    private var wayAttributes: [Attribute] {
        var attributes: [Attribute] = []
        if let gateway = nextHop.gateway { attributes.append(Attribute("via", gateway)) }
        if let device = nextHop.device { attributes.append(Attribute("dev", device)) }
        if scope != .global { attributes.append(Attribute("scope", scope)) }
        attributes.append(Attribute("proto", `protocol`))
        if let preferredSource { attributes.append(Attribute("src", preferredSource)) }
        if table != Self.mainTable { attributes.append(Attribute("table", table)) }
        if tos != 0 { attributes.append(Attribute("tos", tos)) }
        if metric != defaultMetric { attributes.append(Attribute("metric", metric)) }
        if let mtu { attributes.append(Attribute("mtu", mtu)) }
        if nextHop.isOnLink { attributes.append(Attribute(flag: "onlink")) }
        return attributes
    }

    var defaultMetric: UInt32 { destination.family == .v6 ? Self.defaultMetricV6 : 0 }

    package var jsonMembers: KeyValuePairs<String, JSON?> {
        [
            "dst": .string(destination.description),
            "type": kind == .unicast ? nil : .string(kind.word),
            "via": nextHop.gateway.map { .string($0.description) },
            "dev": nextHop.device.map { .string($0.text) },
            "onlink": nextHop.isOnLink ? true : nil,
            "nexthops": otherNextHops.isEmpty ? nil : .array(otherNextHops.map(\.json)),
            "scope": scope == .global ? nil : .string(scope.description),
            "proto": .string(`protocol`.description),
            "src": preferredSource.map { .string($0.description) },
            "table": table == Self.mainTable ? nil : .integer(Int64(table)),
            "tos": tos == 0 ? nil : .integer(Int64(tos)),
            "metric": metric == defaultMetric ? nil : .integer(Int64(metric)),
            "mtu": mtu.map { .integer(Int64($0)) },
            "nhid": form.object.map { .integer(Int64($0)) },
            "toldInPart": isToldInPart ? true : nil,
        ]
    }

    package init?(json: JSON) {
        guard let destination = json["dst"]?.string.flatMap({ IPPrefix(parsing: $0) }),
            let kind = Kind(word: json["type"]?.string ?? "unicast"),
            let `protocol` = json["proto"]?.string.flatMap(RouteProtocol.init(parsing:))
        else { return nil }
        let way = NextHop(json: json)
        self.init(
            destination,
            kind: kind,
            via: way.gateway,
            device: way.device,
            isOnLink: way.isOnLink,
            scope: json["scope"]?.string.flatMap(Scope.init(parsing:)) ?? .global,
            protocol: `protocol`,
            preferredSource: json["src"]?.string.flatMap { IPAddress(parsing: $0) },
            table: json["table"]?.integer.flatMap(UInt32.init(exactly:)) ?? Self.mainTable,
            tos: json["tos"]?.integer.flatMap(UInt8.init(exactly:)) ?? 0,
            metric: json["metric"]?.integer.flatMap(UInt32.init(exactly:)),
            mtu: json["mtu"]?.integer.flatMap(UInt32.init(exactly:))
        )
        form = json["nhid"]?.integer.flatMap(UInt32.init(exactly:)).map(Form.object) ?? .plain
        isToldInPart = json["toldInPart"]?.bool ?? false
        otherNextHops = json["nexthops"]?.array?.map(NextHop.init(json:)) ?? []
    }
}

extension Route.Kind {
    private static let all = (unicast.rawValue...nat.rawValue).compactMap(Self.init(rawValue:))

    init?(word: String) {
        if word == "unicast" {
            self = .unicast
            return
        }
        guard let kind = Self.all.first(where: { $0.word == word }) else { return nil }
        self = kind
    }
}

extension Route.NextHop {
    fileprivate var attributes: [Attribute] {
        [
            gateway.map { Attribute("via", $0) },
            device.map { Attribute("dev", $0) },
            isOnLink ? Attribute(flag: "onlink") : nil,
        ].compactMap(\.self)
    }

    fileprivate var json: JSON {
        .members([
            "via": gateway.map { .string($0.description) },
            "dev": device.map { .string($0.text) },
            "onlink": isOnLink ? true : nil,
        ])
    }

    fileprivate init(json: JSON) {
        self.init(
            gateway: json["via"]?.string.flatMap { IPAddress(parsing: $0) },
            device: json["dev"]?.string.flatMap { LinkName($0) },
            isOnLink: json["onlink"]?.bool ?? false
        )
    }
}
