/// An address on a link: `ip address`.
package struct Address: Entry {
    package struct Identity: Hashable, Comparable, Sendable {
        package let device: LinkName
        package let prefix: IPPrefix

        package init(device: LinkName, prefix: IPPrefix) {
            self.device = device
            self.prefix = prefix
        }

        package static func < (left: Identity, right: Identity) -> Bool {
            (left.device, left.prefix) < (right.device, right.prefix)
        }
    }

    package var device: LinkName
    /// The address itself and the length of its on-link prefix: `192.168.100.100/24`.
    package var prefix: IPPrefix
    package var scope: Scope
    /// Skip duplicate address detection (IPv6 only: `IFA_F_NODAD`).
    package var isNoDAD: Bool
    /// Who put it there, by a number of their own (`IFA_PROTO`); nil if they did not say. A declaration leaves it open,
    /// and it is no attribute: iproute2 took it only years after the kernel did.
    package var `protocol`: UInt8?

    package init(
        _ prefix: IPPrefix, device: LinkName, scope: Scope = .global, isNoDAD: Bool = false, protocol: UInt8? = nil
    ) {
        self.device = device
        self.prefix = prefix
        self.scope = scope
        self.isNoDAD = isNoDAD
        self.protocol = `protocol`
    }

    package var identity: Identity { Identity(device: device, prefix: prefix) }

    package var attributes: [Attribute] {
        (scope == .global ? [] : [Attribute("scope", scope)]) + (isNoDAD ? [Attribute(flag: "nodad")] : [])
    }

    package func isSatisfied(by observed: Address) -> Bool {
        scope == observed.scope
    }

    /// The kernel keeps an address's scope for good.
    package func isReachable(from observed: Address) -> Bool {
        scope == observed.scope
    }

    package var jsonMembers: KeyValuePairs<String, JSON?> {
        [
            "dev": .string(device.text),
            "address": .string(prefix.description),
            "scope": scope == .global ? nil : .string(scope.description),
            "nodad": isNoDAD ? true : nil,
            "proto": `protocol`.map { .integer(Int64($0)) },
        ]
    }

    package init?(json: JSON) {
        guard let device = json["dev"]?.string.flatMap({ LinkName($0) }),
            let prefix = json["address"]?.string.flatMap({ IPPrefix(parsing: $0) })
        else { return nil }
        let scope = json["scope"]?.string.flatMap(Scope.init(parsing:)) ?? .global
        self.init(
            prefix, device: device, scope: scope, isNoDAD: json["nodad"]?.bool ?? false,
            protocol: json["proto"]?.integer.flatMap(UInt8.init(exactly:)))
    }
}

/// How far an address or a route reaches: `RT_SCOPE_*` in linux/rtnetlink.h.
package struct Scope: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let global = Scope(rawValue: 0)
    package static let site = Scope(rawValue: 200)
    package static let link = Scope(rawValue: 253)
    package static let host = Scope(rawValue: 254)
    package static let nowhere = Scope(rawValue: 255)

    private static let words: [(Scope, String)] = [
        (.global, "global"), (.site, "site"), (.link, "link"), (.host, "host"), (.nowhere, "nowhere"),
    ]

    package var description: String {
        Self.words.first { $0.0 == self }?.1 ?? String(rawValue)
    }

    package init?(parsing text: String) {
        guard let rawValue = Self.words.first(where: { $0.1 == text })?.0.rawValue ?? UInt8(text) else { return nil }
        self.init(rawValue: rawValue)
    }
}
