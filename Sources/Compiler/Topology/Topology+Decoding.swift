import NetworkState

extension Topology {
    /// The version of the format that this compiler reads.
    static let version: Int64 = 1

    /// Reads what can be read of `json` and reports the rest; nil if it is no topology of this version at all.
    init?(decoding json: JSON, _ diagnostics: inout Diagnostics) {
        let keys = [
            "$schema", "version", "name", "description", "network", "segments", "routers", "servers", "hosts", "expect",
            "events",
        ]
        // What another version's keys mean is not known, so its version is all there is to say about it.
        if let version = json["version"]?.integer, version != Self.version {
            diagnostics.report(.unsupportedVersion(version, at: JSONPointer.root.appending("version")))
            return nil
        }
        guard let members = Members(json, "a topology", at: .root, keys: keys, &diagnostics) else { return nil }
        _ = members.require("version", .integer, &diagnostics)
        name = members.read("name", .name, &diagnostics)
        network = Network(members.read("network", .network, &diagnostics))
        segments = members.read("segments", .list(of: .segment), &diagnostics).listing()
        routers = members.read("routers", .list(of: .machine("a router")), &diagnostics).listing()
        servers = members.read("servers", .list(of: .machine("a server")), &diagnostics).listing()
        hosts = members.require("hosts", .list(of: .host), &diagnostics).listing()
        expectations = members.read("expect", .list(of: .expectation), &diagnostics).listing()
        events = members.read("events", .list(of: .event), &diagnostics).listing()
    }
}

extension Reading<Topology.Segment> {
    static var segment: Reading {
        Reading { json, pointer, diagnostics in
            let keys = ["name", "subnet", "mtu", "description"]
            guard let members = Members(json, "a segment", at: pointer, keys: keys, &diagnostics) else { return nil }
            return Topology.Segment(
                name: members.require("name", .name, &diagnostics),
                subnets: members.require("subnet", .oneOrMany(of: .subnet), &diagnostics),
                mtu: members.read("mtu", .mtu, &diagnostics),
                pointer: pointer
            )
        }
    }
}

extension Reading<Topology.Link> {
    static var link: Reading {
        Reading { json, pointer, diagnostics in
            let keys = ["name", "segment", "address", "mtu"]
            guard let members = Members(json, "a link", at: pointer, keys: keys, &diagnostics) else { return nil }
            return Topology.Link(
                name: members.read("name", .linkName, &diagnostics),
                segment: members.require("segment", .string, &diagnostics),
                addresses: members.read("address", .oneOrMany(of: .linkAddress), &diagnostics),
                mtu: members.read("mtu", .mtu, &diagnostics),
                pointer: pointer
            )
        }
    }
}

extension Reading<Topology.Route> {
    static var route: Reading {
        Reading { json, pointer, diagnostics in
            guard let members = Members(json, "a route", at: pointer, keys: ["to", "via"], &diagnostics)
            else { return nil }
            return Topology.Route(
                destination: members.require("to", .subnet, &diagnostics),
                gateway: members.require("via", .address, &diagnostics),
                pointer: pointer
            )
        }
    }
}

extension Reading<Topology.Machine> {
    /// `noun` is what messages call it.
    static func machine(_ noun: String) -> Reading {
        Reading { json, pointer, diagnostics in
            // Nothing is expected of routers.
            let keys = ["name", "links", "routes", "description"] + (noun == "a server" ? ["labels"] : [])
            guard let members = Members(json, noun, at: pointer, keys: keys, &diagnostics) else { return nil }
            return Topology.Machine(
                name: members.require("name", .name, &diagnostics),
                links: members.require("links", .list(of: .link), &diagnostics).listing(),
                routes: members.read("routes", .list(of: .route), &diagnostics).listing(),
                labels: members.read("labels", .labels, &diagnostics),
                pointer: pointer
            )
        }
    }
}
