import NetworkState

extension Reading<IPPrefix> {
    /// A network: a prefix without host bits.
    static var subnet: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let prefix = IPPrefix(parsing: text) else {
                diagnostics.report(.badPrefix(text, at: pointer))
                return nil
            }
            guard !prefix.hasHostBits else {
                diagnostics.report(.hostBitsSet(prefix, at: pointer))
                return nil
            }
            return prefix
        }
    }
}

extension Reading<IPAddress> {
    static var address: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let address = IPAddress(parsing: text) else {
                diagnostics.report(.badAddress(text, at: pointer))
                return nil
            }
            return address
        }
    }
}

extension Reading<Topology.LinkAddress> {
    /// `192.168.100.1`, or with its subnet's length `192.168.100.1/24`.
    static var linkAddress: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            let prefix = IPPrefix(parsing: text)
            guard let address = prefix?.address ?? IPAddress(parsing: text) else {
                diagnostics.report(.badAddress(text, at: pointer))
                return nil
            }
            return Topology.LinkAddress(address: address, length: prefix?.length)
        }
    }
}

extension Reading<MACAddress> {
    /// Anybody's, a host's included.
    static var anyMAC: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let mac = MACAddress(parsing: text), mac.isUnicast else {
                diagnostics.report(.badMAC(text, at: pointer))
                return nil
            }
            return mac
        }
    }

    /// A container's own: not of a group, and not its host's.
    static var mac: Reading {
        Reading { json, pointer, diagnostics in
            guard let mac = anyMAC.read(json, pointer, &diagnostics) else { return nil }
            guard mac.bits != 0xeeee_eeee_eeee else {
                diagnostics.report(.hostsMAC(mac, at: pointer))
                return nil
            }
            return mac
        }
    }
}

extension Reading<LinkName> {
    static var linkName: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard text.utf8.count <= LinkName.maximumLength else {
                diagnostics.report(.linkNameTooLong(text, at: pointer))
                return nil
            }
            guard isUsable(text), let name = LinkName(text) else {
                diagnostics.report(.badLinkName(text, at: pointer))
                return nil
            }
            return name
        }
    }

    /// The kernel takes more, but `%` is a template to it (`dev_alloc_name`), `all` and `default` are sysctl's
    /// (`sysctl_dev_name_is_allowed`), and the rest does not survive a shell.
    private static func isUsable(_ text: String) -> Bool {
        text != "all" && text != "default" && text.first != "-" && text.allSatisfy(NodeName.isAllowed)
    }
}

extension Reading<RouteProtocol> {
    /// A name of iproute2's or a number. The kernel's own are not for others to use: it withdraws such routes.
    static var routeProtocol: Reading {
        Reading { json, pointer, diagnostics in
            let text = json.integer.map(String.init) ?? json.string
            guard let text else {
                diagnostics.report(.wrongType(of: json, expected: "a protocol's name or number", at: pointer))
                return nil
            }
            guard let value = RouteProtocol(parsing: text), value.rawValue > RouteProtocol.boot.rawValue else {
                diagnostics.report(.badRouteProtocol(text, at: pointer))
                return nil
            }
            return value
        }
    }
}
