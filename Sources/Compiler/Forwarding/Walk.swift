package import NetworkState

/// What the model has become of one packet.
package struct Walk: Sendable {
    package struct Step: Hashable, Sendable {
        package let node: String
        package let event: Event
    }

    package enum Event: Hashable, Sendable {
        case routes(to: IPAddress, by: Route)
        case resolves(link: LinkName, IPAddress, Resolution)
        /// By an entry of a VXLAN link's table.
        case finds(ForwardingEntry)
        case translates(PacketStory.Translation)
        case sends(Passing)
        case receives(Passing)
        case switches
        case enters(ModelTunnel, from: IPAddress, to: IPAddress)
        case leaves(ModelTunnel, from: IPAddress, to: IPAddress)
        case arrives
    }

    package enum Resolution: Hashable, Sendable {
        case entry(Neighbour)
        case answer(node: String, link: LinkName, MACAddress?, isOwner: Bool)
        case silence
    }

    /// A packet on a link.
    package struct Passing: Hashable, Sendable {
        package let link: LinkName
        package let header: ModelPacket.Header
        /// Nil on links without Ethernet.
        package let linkLayer: ModelPacket.LinkLayer?
    }

    /// Empty where they are not recorded.
    package let steps: [Step]
    /// Everything that had to be as it is for the packet to get so far; empty where it is not recorded.
    package let reliances: [Reliance]
    package let ending: WalkEnding
    /// As it was when it got no further.
    package let header: ModelPacket.Header
    /// On whose links it is seen, in order; switches are not in it.
    package let nodes: [String]

    package var disposition: Disposition { ending.disposition }

    /// What it is seen in on the way, in order, each once.
    package var tunnels: [ModelTunnel] {
        steps.reduce(into: []) { tunnels, step in
            guard case .sends(let passing) = step.event, case .tunnel(let tunnel) = passing.header.content,
                !tunnels.contains(tunnel)
            else { return }
            tunnels.append(tunnel)
        }
    }
}
