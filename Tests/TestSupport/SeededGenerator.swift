package import NetworkState

/// What the tests draw their random cases from; a failing seed fails again.
package typealias SeededGenerator = SplitMix64
