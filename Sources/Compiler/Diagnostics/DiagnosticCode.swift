/// What kind of mistake it is: stable, for scripts to match and for `docs/diagnostics.md` to explain.
package enum DiagnosticCode: String, CaseIterable, Sendable {
    // What is no topology at all.
    case syntaxError = "syntax-error"
    case duplicateKey = "duplicate-key"
    case unsupportedVersion = "unsupported-version"
    case tooLarge = "too-large"
    case contradiction

    // What one value says.
    case unknownKey = "unknown-key"
    case missingKey = "missing-key"
    case wrongType = "wrong-type"
    case badValue = "bad-value"
    case badAddress = "bad-address"
    case badPrefix = "bad-prefix"
    case badMAC = "bad-mac"
    case badName = "bad-name"
    case badRange = "bad-range"
    case hostBitsSet = "host-bits-set"
    case mtuOutOfRange = "mtu-out-of-range"
    case linkNameTooLong = "link-name-too-long"
    case badLinkName = "bad-link-name"
    case badNetns = "bad-netns"

    // What names lead to.
    case nameClash = "name-clash"
    case uniqueInRange = "unique-in-range"
    case unknownSegment = "unknown-segment"
    case unknownHost = "unknown-host"
    case unknownNode = "unknown-node"
    case unknownLink = "unknown-link"
    case emptyExpectation = "empty-expectation"
    case badExpectation = "bad-expectation"
    case contraryExpectations = "contrary-expectations"
    case badPath = "bad-path"
    case badEvent = "bad-event"
    case unusedSegment = "unused-segment"

    // What addresses do to each other.
    case addressOutsideSubnet = "address-outside-subnet"
    case duplicateAddress = "duplicate-address"
    case duplicateMAC = "duplicate-mac"
    case duplicateNetns = "duplicate-netns"
    case duplicateRoute = "duplicate-route"
    case overlappingSubnets = "overlapping-subnets"
    case subnetOutsidePools = "subnet-outside-pools"
    case subnetExhausted = "subnet-exhausted"
    case nextHopOffLink = "next-hop-off-link"
    case mtuTooLarge = "mtu-too-large"
    case unreachableNode = "unreachable-node"
    case senselessModel = "senseless-model"
    case portConflict = "port-conflict"
    case uselessPublish = "useless-publish"

    // What becomes of packets, by the plan.
    case unreachable
    case unwanted
    case loop
    case otherWay = "other-way"
    case asymmetricPath = "asymmetric-path"
    case mtuBlackHole = "mtu-black-hole"
    case unmetExpectation = "unmet-expectation"
    case unansweredGateway = "unanswered-gateway"
    case idleProxy = "idle-proxy"
    case proxyDelay = "proxy-delay"
    case incompleteTunnel = "incomplete-tunnel"
    case singlePointOfFailure = "single-point-of-failure"

    // What weft cannot do yet.
    case unsupportedModel = "unsupported-model"
}
