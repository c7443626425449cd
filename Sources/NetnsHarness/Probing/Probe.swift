package import Compiler
package import NetworkState

/// Something with a namespace of its own that can be probed from and to: a container, a host or a server.
package struct ProbeNode: Hashable, Sendable {
    package let name: String
    /// Those it is probed at.
    package let addresses: [IPAddress]
    /// All addresses it sends from. A packet of its that arrives with another has been translated on the way.
    package let sources: [IPAddress]
    /// The host that a container is on; nil for a host or server.
    package let host: String?
    package let isServer: Bool

    /// - `besides`: addresses that it sends from, and that are not probed.
    package init(
        name: String, addresses: [IPAddress], besides: [IPAddress] = [], host: String? = nil, isServer: Bool = false
    ) {
        self.name = name
        self.addresses = addresses
        sources = addresses + besides
        self.host = host
        self.isServer = isServer
    }
}

/// One question: does what `from` sends to `address` reach `to`, and the answer come back?
package struct Probe: Hashable, Sendable {
    package let from: String
    package let to: String
    /// Commonly one of `to`'s addresses.
    package let address: IPAddress
    package let `protocol`: ProbeProtocol
    /// Whether it should.
    package let expected: Bool
    /// From where it should seem to come. ICMP cannot tell.
    package let source: ExpectedSource
    /// Nil for a port of `to`'s own that the prober chooses.
    package let port: HostPort?
    /// Where it is said what it should come to; nil where that follows from the topology.
    package let origin: JSONPointer?

    package init(
        from: String, to: String, address: IPAddress, protocol: ProbeProtocol, expected: Bool = true,
        source: ExpectedSource = .unknown, port: HostPort? = nil, origin: JSONPointer? = nil
    ) {
        self.from = from
        self.to = to
        self.address = address
        self.protocol = `protocol`
        self.expected = expected
        self.source = source
        self.port = port
        self.origin = origin
    }

    /// Who is asked, as a report calls it: a published port is its host's.
    package var target: String { port.map { "\($0.host):\($0.number)" } ?? to }
}

/// A published port: what is sent to it arrives at another one of a container's.
package struct HostPort: Hashable, Sendable {
    package let host: String
    package let number: UInt16
    package let containerPort: UInt16

    package init(host: String, number: UInt16, containerPort: UInt16) {
        self.host = host
        self.number = number
        self.containerPort = containerPort
    }
}

/// What came of a probe.
package struct ProbeOutcome: Hashable, Sendable {
    package let probe: Probe
    package let isReachable: Bool
    package let roundTripMicroseconds: Int?
    /// How often it was sent. Silence that is expected takes as many as there may be; anything else needs more than
    /// one only if packets were lost.
    package let attempts: Int
    /// Why it is not reachable.
    package let cause: String?
    /// The address that `to` saw it come from. ICMP cannot tell.
    package let observedSource: IPAddress?
    /// The same, where it is none of the sender's: NAT.
    package let translatedSource: IPAddress?
    /// After which event, if any.
    package var event: String?
    /// What was seen of a packet of the same kind between the same ends, where one was looked at.
    package var sight: Sight?

    package init(
        probe: Probe,
        isReachable: Bool,
        roundTripMicroseconds: Int? = nil,
        attempts: Int = 1,
        cause: String? = nil,
        observedSource: IPAddress? = nil,
        translatedSource: IPAddress? = nil
    ) {
        self.probe = probe
        self.isReachable = isReachable
        self.roundTripMicroseconds = roundTripMicroseconds
        self.attempts = attempts
        self.cause = cause
        self.observedSource = observedSource ?? translatedSource
        self.translatedSource = translatedSource
    }

    package var isAsExpected: Bool { isReachable == probe.expected && hasExpectedSource }

    /// Whether `to` saw it come from where it should, as far as either is known.
    package var hasExpectedSource: Bool {
        guard isReachable, let observedSource, let addresses = probe.source.addresses else { return true }
        return addresses.contains(observedSource)
    }

    /// Attempts that only loss explains.
    package var retries: Int { probe.expected ? attempts - 1 : 0 }
}

/// How long to wait for an answer, attempt by attempt.
///
/// An answer to an earlier attempt counts as long as the probe is open. TCP's own first retransmission comes after a
/// second (RFC 6298), later than a new attempt.
package struct ProbePatience: Hashable, Sendable {
    /// For answers that should come. The later waits let slow neighbour resolution end: with the kernel's own settings
    /// proxy ARP takes up to 0.8 s on each side (`proxy_delay` in arp(7)), an unanswered request is repeated after one.
    package let forAnswer: [Duration]
    /// For silence that should last.
    package let forSilence: [Duration]

    package init(forAnswer: [Duration], forSilence: [Duration]) {
        precondition(!forAnswer.isEmpty && !forSilence.isEmpty, "a probe without an attempt")
        self.forAnswer = forAnswer
        self.forSilence = forSilence
    }

    package static let standard = ProbePatience(
        forAnswer: [.milliseconds(500), .milliseconds(1000), .milliseconds(1500)],
        forSilence: [.milliseconds(250), .milliseconds(250), .milliseconds(250)]
    )

    /// - `isExpected`: whether there should be an answer.
    func timeouts(expecting isExpected: Bool) -> [Duration] { isExpected ? forAnswer : forSilence }
}
