/// By what a saved plan knows the host again that it was made for: what its changes start from does not tell a link
/// from another that was made in its place since.
package struct Witness: Hashable, Sendable {
    /// One network namespace, and the numbers of the links that the plan touches or builds on.
    package struct Namespace: Hashable, Sendable {
        /// That of the file which stands for it; free for the next namespace once this one is gone.
        package var inode: UInt64
        /// What the kernel calls it by and never again calls another by: `SO_NETNS_COOKIE`, since Linux 5.14.
        package var cookie: UInt64?
        package var links: [LinkName: UInt32]

        package init(inode: UInt64, cookie: UInt64?, links: [LinkName: UInt32]) {
            self.inode = inode
            self.cookie = cookie
            self.links = links
        }

        package func isSameNamespace(as other: Namespace) -> Bool {
            inode == other.inode && cookie == other.cookie
        }
    }

    /// `/proc/sys/kernel/random/boot_id`
    package var boot: String?
    package var namespaces: [Netns: Namespace] = [:]
    /// A digest of the ledger, or nil where there was none.
    package var ledger: String?

    package init(boot: String?, ledger: Ledger?) {
        self.boot = boot
        self.ledger = ledger?.digest
    }

    package var json: JSON {
        .members([
            "boot": boot.map(JSON.string),
            "ledger": ledger.map(JSON.string),
            "namespaces": .array(namespaces.sorted { $0.key < $1.key }.map { $1.json(of: $0) }),
        ])
    }

    /// Nil if `json` is not what ``json`` writes.
    package init?(json: JSON) {
        guard let namespaces = json["namespaces"]?.array else { return nil }
        boot = json["boot"]?.string
        ledger = json["ledger"]?.string
        for element in namespaces {
            guard let namespace = Namespace(json: element) else { return nil }
            self.namespaces[element["netns"]?.string.map(Netns.named) ?? .own] = namespace
        }
    }
}

extension Witness.Namespace {
    fileprivate func json(of netns: Netns) -> JSON {
        .members([
            "netns": netns.name.map(JSON.string),
            "inode": .integer(Int64(clamping: inode)),
            "cookie": cookie.map { .integer(Int64(clamping: $0)) },
            "links": .object(Dictionary(uniqueKeysWithValues: links.map { ($0.key.text, .integer(Int64($0.value))) })),
        ])
    }

    fileprivate init?(json: JSON) {
        guard let inode = json["inode"]?.integer.flatMap(UInt64.init(exactly:)), let members = json["links"]?.object
        else { return nil }
        self.init(inode: inode, cookie: json["cookie"]?.integer.flatMap(UInt64.init(exactly:)), links: [:])
        for (name, number) in members {
            guard let name = LinkName(name), let number = number.integer.flatMap(UInt32.init(exactly:)) else {
                return nil
            }
            links[name] = number
        }
    }
}

extension Ledger {
    /// Equal for equal ledgers; nil for one in which nothing is, as such a one is not kept.
    package var digest: String? {
        isEmpty ? nil : String(hashedText.hash, radix: 16)
    }
}

extension Plan {
    /// The namespaces that it touches, and in each the links that it touches or that what it touches is on.
    package var foundation: [Netns: Set<LinkName>] {
        var foundation: [Netns: Set<LinkName>] = [:]
        for change in changes {
            for resource in [change.before, change.after].compactMap(\.self) {
                foundation[change.netns, default: []].formUnion(resource.devices)
                guard case .link(let link) = resource else { continue }
                foundation[change.netns]?.insert(link.name)
                if let peer = link.peer { foundation[peer.netns, default: []].insert(peer.name) }
            }
        }
        return foundation
    }
}
