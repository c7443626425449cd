import NetworkState

extension Change {
    /// What it has in common with changes that it is like: all that it says but names and addresses. Nil where one line
    /// may not stand for many, as something foreign would go.
    var likeness: String? {
        if takes.contains(where: \.isForeign) { return nil }
        let parts = [
            toldAction.symbol, identity.kind, netns == .own ? "host" : "container", identity.likeness,
            after == nil ? reason ?? "" : "", takes.words ?? "",
        ]
        return (parts + said).joined(separator: "\n")
    }

    private var said: [String] {
        guard let before, let after else { return resource.attributes.map(\.likeness) }
        if comesBack { return [] }
        let (old, new) = (Set(before.attributes), Set(after.attributes))
        return before.attributes.filter { !new.contains($0) }.map { "- \($0.likeness)" }
            + after.attributes.filter { !old.contains($0) }.map { "+ \($0.likeness)" }
    }
}

extension Resource.Identity {
    /// What a name has besides the particular link or address in it.
    fileprivate var likeness: String {
        switch self {
        case .netns, .link, .fdb, .table: ""
        case .sysctl(let key):
            key.split(separator: "/").map { $0 == Sysctl(key, "").device?.text ?? "" ? "*" : $0 }.joined(separator: "/")
        case .address(let identity): "\(identity.prefix.family.word)/\(identity.prefix.length)"
        case .neighbour(let identity): identity.address.family.word
        case .route(let identity): "\(identity.destination.family.word)/\(identity.destination.length)"
        }
    }
}

extension Attribute {
    private static let naming: Set<String> = [
        "address", "dev", "dst", "lladdr", "local", "master", "peer", "src", "via",
    ]

    /// Without its value where that is a name or an address; every namespace's loopback is like no other link.
    fileprivate var likeness: String {
        Self.naming.contains(name) && value != LinkName.loopback.text ? name : description
    }
}
