package import NetworkState

/// What becomes of one packet and of its answer, step by step: as it was seen on the wire, or as a model would have it.
package struct PacketStory: Hashable, Sendable {
    package struct Question: Hashable, Sendable {
        package let from: String
        package let to: String
        package let source: IPAddress
        package let destination: IPAddress
        package let `protocol`: ProbeProtocol

        package init(
            from: String, to: String, source: IPAddress, destination: IPAddress, protocol: ProbeProtocol
        ) {
            self.from = from
            self.to = to
            self.source = source
            self.destination = destination
            self.protocol = `protocol`
        }
    }

    package enum Leg: String, CaseIterable, Sendable {
        case there, back
        /// An error (ICMP) about the question, on its way to who asked.
        case error
    }

    package struct Step: Hashable, Sendable {
        package let leg: Leg
        package let node: String
        /// Since the first step that has a time; nil for what takes place inside a kernel, and in a model.
        package let microseconds: Int?
        package let event: Event
        /// False where the entry that decides, or the link, is known not to be as planned.
        package let isPlanned: Bool

        package init(
            _ leg: Leg, at node: String, _ event: Event, microseconds: Int? = nil, isPlanned: Bool = true
        ) {
            self.leg = leg
            self.node = node
            self.event = event
            self.microseconds = microseconds
            self.isPlanned = isPlanned
        }
    }

    /// What takes place at a node.
    package enum Event: Hashable, Sendable {
        /// The routing table decides where a packet to `destination` goes: by `route`, as `ip route` prints it.
        case routes(destination: IPAddress, route: String)
        /// A bridge hands it on as it is.
        case switches
        /// The kernel would do nothing of the kind, in its own words.
        case refuses(destination: IPAddress, reason: String)
        case resolves(Resolution)
        /// An entry of a table decides where the frame goes, as `ip` or `bridge` lists it.
        case finds(ForwardingTableKind, entry: String)
        case translates(Translation)
        case receives(Passing)
        case sends(Passing)
        case enters(Envelope)
        case leaves(Envelope)
        /// It goes to another host as it is.
        case staysPlain
        /// It is for this node itself.
        case arrives
    }

    package enum ForwardingTableKind: String, Sendable {
        /// At which link-layer address a neighbour is.
        case neighbour
        /// Behind which host a link-layer address is.
        case fdb
    }

    /// A packet on a link.
    package struct Passing: Hashable, Sendable {
        package let link: String
        package let source: IPAddress
        package let destination: IPAddress
        package let timeToLive: UInt8
        /// From and to which link-layer address; nil on links without.
        package let linkLayer: Pair?

        package struct Pair: Hashable, Sendable {
            package let source: MACAddress
            package let destination: MACAddress

            package init(source: MACAddress, destination: MACAddress) {
                self.source = source
                self.destination = destination
            }
        }

        package init(
            link: String, source: IPAddress, destination: IPAddress, timeToLive: UInt8, linkLayer: Pair? = nil
        ) {
            self.link = link
            self.source = source
            self.destination = destination
            self.timeToLive = timeToLive
            self.linkLayer = linkLayer
        }
    }

    /// What a packet is put into between hosts.
    package struct Envelope: Hashable, Sendable {
        /// As `ip` says it: `vxlan id 4096 dstport 4789`
        package let tunnel: String
        package let source: IPAddress
        package let destination: IPAddress

        package init(tunnel: String, source: IPAddress, destination: IPAddress) {
            self.tunnel = tunnel
            self.source = source
            self.destination = destination
        }
    }

    package struct Translation: Hashable, Sendable {
        package enum Side: String, Sendable {
            case source, destination
        }

        package let side: Side
        package let before: IPAddress
        package let after: IPAddress

        package init(_ side: Side, from before: IPAddress, to after: IPAddress) {
            self.side = side
            self.before = before
            self.after = after
        }
    }

    /// The question, by ARP or NDP, at which link-layer address a neighbour is.
    package struct Resolution: Hashable, Sendable {
        package struct Answer: Hashable, Sendable {
            package let node: String
            package let link: String
            package let linkLayer: MACAddress
            /// Whether the node has the address itself. One that has not, and answers for it, is a proxy.
            package let isOwner: Bool

            package init(node: String, link: String, linkLayer: MACAddress, isOwner: Bool) {
                self.node = node
                self.link = link
                self.linkLayer = linkLayer
                self.isOwner = isOwner
            }
        }

        package let link: String
        package let address: IPAddress
        /// Nil if nobody answers.
        package let answer: Answer?

        package init(link: String, address: IPAddress, answer: Answer?) {
            self.link = link
            self.address = address
            self.answer = answer
        }
    }

    /// Something that may be to blame for a loss.
    package struct Reason: Hashable, Sendable {
        package let node: String
        package let text: String
        /// What would put it right.
        package let remedy: String?

        package init(node: String, text: String, remedy: String?) {
            self.node = node
            self.text = text
            self.remedy = remedy
        }
    }

    package enum Outcome: Hashable, Sendable {
        /// - `microseconds`: from the question to the answer, where somebody looked at a clock.
        case answered(microseconds: Int?)
        /// - `lastSeen`: `B:eth0, incoming`.
        /// - `cause`: what the one who asked was told.
        case lost(lastSeen: String?, cause: String?, reasons: [Reason])
    }

    package let topology: String
    package let question: Question
    package let steps: [Step]
    /// Nil where nothing is expected of it.
    package let way: Way?
    package let outcome: Outcome

    package init(topology: String, question: Question, steps: [Step], way: Way?, outcome: Outcome) {
        self.topology = topology
        self.question = question
        self.steps = steps
        self.way = way
        self.outcome = outcome
    }

    package var isAnswered: Bool {
        if case .answered = outcome { true } else { false }
    }

    /// Whether it was answered, by the way that it should have been.
    package var isAsExpected: Bool { isAnswered && way?.isAsExpected ?? true }
}
