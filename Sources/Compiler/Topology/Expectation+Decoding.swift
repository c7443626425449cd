import NetworkState

extension Reading<Topology.Expectation> {
    private static var keys: [String] {
        [
            "from", "to", "reach", "protocols", "port", "path", "return", "encapsulation", "mtu", "source", "bulk",
            "gateway", "description",
        ]
    }

    static var expectation: Reading {
        Reading { json, pointer, diagnostics in
            guard let members = Members(json, "an expectation", at: pointer, keys: keys, &diagnostics)
            else { return nil }
            let gateway = members.read("gateway", .anyMAC, &diagnostics)
            return Topology.Expectation(
                from: members.require("from", .endpoints, &diagnostics),
                to: gateway.isAbsent
                    ? members.require("to", .endpoints, &diagnostics) : members.read("to", .endpoints, &diagnostics),
                isReachable: members.read("reach", .bool, &diagnostics),
                protocols: members.read("protocols", .every(.word), &diagnostics),
                port: members.read("port", .port, &diagnostics),
                path: members.read("path", .every(.pathElement), &diagnostics),
                returnPath: members.read("return", .every(.pathElement), &diagnostics),
                encapsulation: members.read("encapsulation", .word, &diagnostics),
                mtu: members.read("mtu", .mtu, &diagnostics),
                source: members.read("source", .expectedAddress, &diagnostics),
                bulk: members.read("bulk", .size, &diagnostics),
                gateway: gateway,
                pointer: pointer
            )
        }
    }

    /// Pairs, and nothing that is said of them.
    static var pairs: Reading {
        Reading { json, pointer, diagnostics in
            let keys = ["from", "to", "description"]
            guard Members(json, "a set of pairs", at: pointer, keys: keys, &diagnostics) != nil else { return nil }
            return expectation.read(json, pointer, &diagnostics)
        }
    }
}

extension Reading<Topology.Endpoints> {
    static var endpoints: Reading {
        Reading { json, pointer, diagnostics in
            if json == "*" { return .everyone }
            // That nobody is named is a mistake of its own, once it is known what was meant.
            if json == [] { return .named([]) }
            let names = Reading<[Located<String>]>.oneOrMany(of: .string).read(json, pointer, &diagnostics)
            return names.map(Topology.Endpoints.named)
        }
    }
}

extension Reading<PathElement> {
    /// A node, or one of its links: `B`, `B:eth0`.
    static var pathElement: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let colon = text.lastIndex(of: ":") else { return PathElement(node: text, link: nil) }
            guard let link = LinkName(String(text[text.index(after: colon)...])) else {
                diagnostics.report(.badLinkName(String(text[text.index(after: colon)...]), at: pointer))
                return nil
            }
            return PathElement(node: String(text[..<colon]), link: link)
        }
    }
}

extension Reading<ValidTopology.ExpectedAddress> {
    /// `kept`, an address, or a list of addresses.
    static var expectedAddress: Reading {
        Reading { json, pointer, diagnostics in
            if json == "kept" { return .kept }
            if let text = json.string, IPAddress(parsing: text) == nil {
                diagnostics.report(.badSource(text, at: pointer))
                return nil
            }
            return Reading<[Located<IPAddress>]>.oneOrMany(of: .address).read(json, pointer, &diagnostics)
                .map { .addresses($0.map(\.value)) }
        }
    }
}

extension Reading<[String: String]> {
    /// Words by which expectations can name many at once: `{ "app": "web" }`.
    static var labels: Reading {
        Reading { json, pointer, diagnostics in
            guard let members = json.object else {
                diagnostics.report(.wrongType(of: json, expected: "an object of labels", at: pointer))
                return nil
            }
            var labels: [String: String] = [:]
            for (key, json) in members {
                guard let text = Reading<String>.string.read(json, pointer.appending(key), &diagnostics) else {
                    return nil
                }
                guard ([key, text].allSatisfy { !$0.isEmpty && !$0.contains { "=,*?".contains($0) } }) else {
                    diagnostics.report(.badLabel(key, text, at: pointer.appending(key)))
                    return nil
                }
                labels[key] = text
            }
            return labels
        }
    }
}
