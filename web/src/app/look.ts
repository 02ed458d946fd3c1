import 'virtual:palette.css';
import '../ui/fonts.css';
import '../ui/base.css';
