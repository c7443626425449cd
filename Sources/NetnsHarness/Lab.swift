import Applier
