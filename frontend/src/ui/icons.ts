import {
  ArrowDown, ArrowLeft, ArrowLeftRight, ArrowRight, ArrowUp, BadgeCheck, Bell, Bookmark, Building2, Calendar, ChartColumn, ChartLine, ChartPie, Check,
  ChevronDown, ChevronLeft, ChevronRight, ChevronsLeftRight, ChevronsRightLeft, ChevronUp, Circle, CircleAlert, CircleHelp, CircleStop, Clock, CloudOff, Code, Columns3, Copy,
  CreditCard, Download, Ellipsis, ExternalLink, Eye, EyeOff, File, FileText, Flag, Gauge, Globe, GripVertical, Hash, Heart, History, House,
  Image, Inbox, Info, Kanban, KeyRound, Languages, LayoutDashboard, Link, List, ListFilter, LoaderCircle, Lock, LogOut, Mail, Map, Megaphone, Menu,
  MessageSquare, Monitor, Moon, Paperclip, Pause, Pencil, Play, Plus, Printer, QrCode, Radio, Redo2, RefreshCw, RotateCcw, Scale, Search,
  Send, Settings, Share2, Shield, SlidersHorizontal, Sparkle, Star, Sun, Table, Tag, Target, Trash2, TriangleAlert, Undo2, Upload, User,
  UserPlus, Users, Wallet, Webhook, X, Zap,
} from '@lucide/vue'
import DotGlyph from './DotGlyph.vue'

/** The glyphs of the product, by what they mean, so that one thing looks the same everywhere. */
export const icons = {
  'ad-request': ArrowLeftRight, 'arrow-down': ArrowDown, 'arrow-left': ArrowLeft, 'arrow-right': ArrowRight, 'arrow-up': ArrowUp,
  attach: Paperclip, audit: History, back: ChevronLeft, bell: Bell, board: Kanban, bookmark: Bookmark, brand: BadgeCheck, calendar: Calendar,
  campaign: Flag, card: CreditCard, chart: ChartColumn, check: Check, circle: Circle, clock: Clock, close: X, code: Code, columns: Columns3,
  community: Users, compare: ArrowLeftRight, copy: Copy, dashboard: LayoutDashboard, dispute: Scale, document: FileText, dot: DotGlyph, down: ChevronDown,
  download: Download, edit: Pencil, error: CircleAlert, external: ExternalLink, eye: Eye, 'eye-off': EyeOff, file: File, filter: ListFilter, flag: Flag,
  forward: ChevronRight, gauge: Gauge, globe: Globe, grip: GripVertical, hash: Hash, heart: Heart, help: CircleHelp, home: House, image: Image, inbox: Inbox,
  info: Info, key: KeyRound, language: Languages, ledger: Scale, loading: LoaderCircle, 'line-chart': ChartLine, link: Link, list: List, listening: Radio, lock: Lock, mail: Mail,
  map: Map, menu: Menu, message: MessageSquare, mission: Target, monitor: Monitor, moon: Moon, more: Ellipsis, narrower: ChevronsRightLeft, offer: ArrowLeftRight, offline: CloudOff,
  organisation: Building2, pause: Pause, 'pie-chart': ChartPie, play: Play, plus: Plus, print: Printer, promote: Megaphone, published: Radio, qr: QrCode,
  redo: Redo2, refresh: RefreshCw, retry: RotateCcw, scale: Scale, search: Search, send: Send, settings: Settings, share: Share2, shield: Shield,
  sliders: SlidersHorizontal, spark: Sparkle, star: Star, stop: CircleStop, sun: Sun, table: Table, tag: Tag, trash: Trash2, undo: Undo2, up: ChevronUp,
  upload: Upload, user: User, 'user-plus': UserPlus, wallet: Wallet, warning: TriangleAlert, webhook: Webhook, wider: ChevronsLeftRight, withdraw: Undo2, zap: Zap,
  'sign-out': LogOut,
} as const

export type IconName = keyof typeof icons
