extension Link {
    /// What a VXLAN link is made with and keeps for good: `type vxlan` of ip-link(8). The kernel changes none of it in
    /// place (`vxlan_nl2conf` in drivers/net/vxlan/vxlan_core.c).
    package struct VXLAN: Hashable, Sendable {
        /// The network identifier, of 24 bits: `IFLA_VXLAN_ID`.
        package let id: UInt32
        /// The underlay address that it sends from, whose family is that of the underlay.
        package let local: IPAddress?
        /// The link that it sends over, where there is no choice.
        package let parent: LinkName?
        /// The UDP port it sends to and listens on.
        package let port: UInt16
        /// Whether it enters senders into its forwarding table.
        package let learnsAddresses: Bool

        package init(
            id: UInt32, local: IPAddress?, parent: LinkName? = nil, port: UInt16, learnsAddresses: Bool = false
        ) {
            self.id = id
            self.local = local
            self.parent = parent
            self.port = port
            self.learnsAddresses = learnsAddresses
        }

        var attributes: [Attribute] {
            [
                Attribute("id", id),
                local.map { Attribute("local", $0) },
                parent.map { Attribute("dev", $0) },
                Attribute("dstport", port),
                Attribute(flag: learnsAddresses ? "learning" : "nolearning"),
            ].compactMap(\.self)
        }

        var json: JSON {
            .members([
                "id": .integer(Int64(id)),
                "local": local.map { .string($0.description) },
                "dev": parent.map { .string($0.text) },
                "dstport": .integer(Int64(port)),
                "learning": .bool(learnsAddresses),
            ])
        }

        init?(json: JSON) {
            guard let id = json["id"]?.integer.flatMap(UInt32.init(exactly:)),
                let port = json["dstport"]?.integer.flatMap(UInt16.init(exactly:)),
                let learnsAddresses = json["learning"]?.bool
            else { return nil }
            self.init(
                id: id, local: json["local"]?.string.flatMap { IPAddress(parsing: $0) },
                parent: json["dev"]?.string.flatMap { LinkName($0) }, port: port, learnsAddresses: learnsAddresses)
        }
    }
}
