/// One entry of the neighbour table: `ip neighbour`.
package struct Neighbour: Entry {
    package struct Identity: Hashable, Comparable, Sendable {
        package let device: LinkName
        package let address: IPAddress

        package init(device: LinkName, address: IPAddress) {
            self.device = device
            self.address = address
        }

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

    package var device: LinkName
    package var address: IPAddress
    /// Nil while nobody has answered.
    package var linkLayerAddress: MACAddress?
    package var state: State
    /// Who entered it (`NDA_PROTOCOL`); nil if they did not say. A declaration leaves it open.
    package var `protocol`: RouteProtocol?

    package init(
        _ address: IPAddress, device: LinkName, linkLayerAddress: MACAddress?, state: State = .permanent,
        protocol: RouteProtocol? = nil
    ) {
        self.device = device
        self.address = address
        self.linkLayerAddress = linkLayerAddress
        self.state = state
        self.protocol = `protocol`
    }

    package var identity: Identity { Identity(device: device, address: address) }

    package var attributes: [Attribute] {
        (linkLayerAddress.map { [Attribute("lladdr", $0)] } ?? []) + [Attribute("nud", state.rawValue)]
            + (`protocol`.map { [Attribute("protocol", $0)] } ?? [])
    }

    package func isSatisfied(by observed: Neighbour) -> Bool {
        linkLayerAddress == observed.linkLayerAddress && state == observed.state
    }

    package var jsonMembers: KeyValuePairs<String, JSON?> {
        [
            "dev": .string(device.text),
            "address": .string(address.description),
            "lladdr": linkLayerAddress.map { .string($0.description) },
            "nud": .string(state.rawValue),
            "proto": `protocol`.map { .string($0.description) },
        ]
    }

    package init?(json: JSON) {
        guard let device = json["dev"]?.string.flatMap({ LinkName($0) }),
            let address = json["address"]?.string.flatMap({ IPAddress(parsing: $0) }),
            let state = json["nud"]?.string.flatMap(State.init(rawValue:))
        else { return nil }
        let linkLayerAddress = json["lladdr"]?.string.flatMap { MACAddress(parsing: $0) }
        self.init(
            address, device: device, linkLayerAddress: linkLayerAddress, state: state,
            protocol: json["proto"]?.string.flatMap(RouteProtocol.init(parsing:)))
    }
}
