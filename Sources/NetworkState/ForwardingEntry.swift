/// One permanent entry of a VXLAN link's own forwarding table: behind which host a link-layer address is. `bridge fdb`.
///
/// Addresses that the link learns from the wire, and bridges' own tables, are none of these.
package struct ForwardingEntry: Entry {
    package struct Identity: Hashable, Comparable, Sendable {
        package let device: LinkName
        package let linkLayerAddress: MACAddress

        package init(device: LinkName, linkLayerAddress: MACAddress) {
            self.device = device
            self.linkLayerAddress = linkLayerAddress
        }

        package static func < (left: Identity, right: Identity) -> Bool {
            (left.device, left.linkLayerAddress) < (right.device, right.linkLayerAddress)
        }
    }

    package var device: LinkName
    package var linkLayerAddress: MACAddress
    /// The underlay address that frames for it are sent to: `NDA_DST`.
    package var remote: IPAddress

    package init(_ linkLayerAddress: MACAddress, device: LinkName, remote: IPAddress) {
        self.device = device
        self.linkLayerAddress = linkLayerAddress
        self.remote = remote
    }

    package var identity: Identity { Identity(device: device, linkLayerAddress: linkLayerAddress) }

    package var attributes: [Attribute] {
        [Attribute("dst", remote), Attribute(flag: "self"), Attribute(flag: "permanent")]
    }

    package var jsonMembers: KeyValuePairs<String, JSON?> {
        [
            "dev": .string(device.text),
            "lladdr": .string(linkLayerAddress.description),
            "dst": .string(remote.description),
        ]
    }

    package init?(json: JSON) {
        guard let device = json["dev"]?.string.flatMap({ LinkName($0) }),
            let linkLayerAddress = json["lladdr"]?.string.flatMap({ MACAddress(parsing: $0) }),
            let remote = json["dst"]?.string.flatMap({ IPAddress(parsing: $0) })
        else { return nil }
        self.init(linkLayerAddress, device: device, remote: remote)
    }
}
