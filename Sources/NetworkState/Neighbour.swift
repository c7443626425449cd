/// One entry of the neighbour table: `ip neighbour`.
package struct Neighbour: Entry {
    package struct Identity: Hashable, Comparable, Sendable {
        package let device: LinkName
        package let address: IPAddress

        package static func < (left: Identity, right: Identity) -> Bool {
            (left.device, left.address) < (right.device, right.address)
        }
    }

    package enum State: String, Hashable, Sendable {
        /// Stays until someone removes it (`NUD_PERMANENT`), and is not counted against `gc_thresh3`.
        case permanent
        /// Learnt from the wire and aging: every other state.
        case dynamic
    }

    package let device: LinkName
    package let address: IPAddress
    /// Nil while nobody has answered.
    package var linkLayerAddress: MACAddress?
    package var state: State

    package init(
        _ address: IPAddress, device: LinkName, linkLayerAddress: MACAddress?, state: State = .permanent
    ) {
        self.device = device
        self.address = address
        self.linkLayerAddress = linkLayerAddress
        self.state = state
    }

    package var identity: Identity { Identity(device: device, address: address) }

    package var attributes: [Attribute] {
        (linkLayerAddress.map { [Attribute("lladdr", $0)] } ?? []) + [Attribute("nud", state.rawValue)]
    }

    package var json: JSON {
        .members([
            "dev": .string(device.text),
            "address": .string(address.description),
            "lladdr": linkLayerAddress.map { .string($0.description) },
            "nud": .string(state.rawValue),
        ])
    }

    package init?(json: JSON) {
        guard let device = json["dev"]?.string.flatMap({ LinkName($0) }),
            let address = json["address"]?.string.flatMap({ IPAddress(parsing: $0) }),
            let state = json["nud"]?.string.flatMap(State.init(rawValue:))
        else { return nil }
        let linkLayerAddress = json["lladdr"]?.string.flatMap { MACAddress(parsing: $0) }
        self.init(address, device: device, linkLayerAddress: linkLayerAddress, state: state)
    }
}
