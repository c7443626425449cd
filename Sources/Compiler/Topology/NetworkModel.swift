/// How containers are networked, as three choices that are independent of each other.
package struct NetworkModel: Hashable, Sendable {
    /// How a container joins its host.
    package enum Attachment: String, CaseIterable, Sendable {
        /// A /32 behind a veth of its own; the host routes and answers ARP for 169.254.1.1. Calico's.
        case routed
        /// A port of a bridge that holds the subnet's gateway. Docker's and Flannel's.
        case bridged
    }

    /// How a packet crosses from host to host.
    package enum Encapsulation: String, CaseIterable, Sendable {
        /// As it is, by plain routes.
        case none
        case vxlan
        case ipip
        /// In UDP, by a user-space forwarder. Flannel's first way.
        case udp
        /// Not at all: Docker's NAT on one host.
        case isolated
    }

    /// Which peers an encapsulation is for.
    package enum When: String, CaseIterable, Sendable {
        case always
        /// Those that are not on a segment of one's own.
        case crossSubnet
    }

    /// Who installs the routes between hosts.
    package enum Distribution: String, CaseIterable, Sendable {
        /// weft itself.
        case `static`
        /// A BIRD daemon on each host.
        case bgp
    }

    /// What becomes of packets from containers to where no container is.
    package enum Egress: String, CaseIterable, Sendable {
        /// They take their host's address.
        case masquerade
        /// They keep their own.
        case none
    }

    /// How kernels are told of routes by many gateways.
    package enum NextHops: String, CaseIterable, Sendable {
        /// By next-hop objects where it pays.
        case auto
        /// Each with its gateway in it, as for those who read routes and know no objects.
        case plain
    }

    package var attachment: Attachment
    package var encapsulation: Encapsulation
    package var when: When
    package var distribution: Distribution

    package init(
        attachment: Attachment, encapsulation: Encapsulation, when: When = .always, distribution: Distribution = .static
    ) {
        self.attachment = attachment
        self.encapsulation = encapsulation
        self.when = when
        self.distribution = distribution
    }

    /// A point on the axes that is known by a name.
    package enum Profile: String, CaseIterable, Sendable {
        case calico
        case calicoIPIP = "calico-ipip"
        case calicoVXLAN = "calico-vxlan"
        case flannelHostGateway = "flannel-host-gw"
        case flannelVXLAN = "flannel-vxlan"
        case flannelUDP = "flannel-udp"
        case dockerNAT = "docker-nat"

        package var model: NetworkModel {
            switch self {
            case .calico: NetworkModel(attachment: .routed, encapsulation: .none)
            case .calicoIPIP: NetworkModel(attachment: .routed, encapsulation: .ipip)
            case .calicoVXLAN: NetworkModel(attachment: .routed, encapsulation: .vxlan)
            case .flannelHostGateway: NetworkModel(attachment: .bridged, encapsulation: .none)
            case .flannelVXLAN: NetworkModel(attachment: .bridged, encapsulation: .vxlan)
            case .flannelUDP: NetworkModel(attachment: .bridged, encapsulation: .udp)
            case .dockerNAT: NetworkModel(attachment: .bridged, encapsulation: .isolated)
            }
        }
    }
}
